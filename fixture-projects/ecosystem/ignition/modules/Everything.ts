import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

const parts = buildModule("Parts", (module) => {
  const scale = module.library("Scale");
  const coin = module.contract("Coin", [module.getParameter("supply", 500n)]);
  return { scale, coin };
});

export default buildModule("Everything", (module) => {
  const { scale, coin } = module.useModule(parts);
  const everything = module.contract("Everything");
  const scaled = module.contract("Scaled", [21n], { libraries: { Scale: scale }, after: [coin] });
  const emitted = module.call(everything, "emitNumbers", [8n, -8n]);
  const small = module.readEventArgument(emitted, "Numbers", "small");
  module.call(everything, "store", [small], { after: [emitted], value: 3n });
  module.send("funds", everything, 10n, "0x", { from: module.getAccount(1) });
  const value = module.staticCall(scaled, "value");
  module.call(scaled, "set", [value], { id: "twiceAgain" });
  return { scale, coin, everything, scaled };
});
