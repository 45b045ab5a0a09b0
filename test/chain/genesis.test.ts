import { NetworkPair } from "./network-pair";

describe("genesis", () => {
  for (const hardfork of [
    "byzantium",
    "istanbul",
    "berlin",
    "london",
    "merge",
    "shanghai",
    "cancun",
    "prague",
    "osaka",
  ]) {
    it(`has the stock network's block 0 and empty block 1 under ${hardfork}`, async () => {
      const pair = await NetworkPair.start({ hardfork });
      await pair.compare(0n);
      await pair.mineAndCompare();
    });
  }

  it("takes the base fee and the gas limit of the config", async () => {
    const pair = await NetworkPair.start({
      initialBaseFeePerGas: 12_345n,
      blockGasLimit: 30_000_000n,
    });
    await pair.compare(0n);
    await pair.mineAndCompare();
  });
});
