/** Signatures and facts about the network, as on the stock network. */
import { expect } from "chai";
import { Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

describe("typed data", () => {
  const types = {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    Person: [
      { name: "name", type: "string" },
      { name: "wallets", type: "address[]" },
      { name: "age", type: "int8" },
      { name: "tag", type: "bytes4" },
      { name: "blob", type: "bytes" },
      { name: "ok", type: "bool" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person[2]" },
      { name: "amount", type: "uint256" },
    ],
  };
  const domain = { name: "x", chainId: 31337, verifyingContract: A };
  const person = { name: "a", wallets: [A, B], age: -3, tag: "0x12345678", blob: "0x12", ok: true };
  const message = { from: person, to: [person, person], amount: "5" };
  const mail = { types, primaryType: "Mail", domain, message };

  const CASES: Readonly<Record<string, unknown>> = {
    "an object": mail,
    "the JSON text of an object": JSON.stringify(mail),
    "numbers as numbers, decimal and hex": { ...mail, message: { ...message, amount: 7 } },
    "hex numbers": { ...mail, message: { ...message, amount: "0x10" } },
    "fields that no type names": { ...mail, message: { ...message, extra: 1 } },
    "booleans as text": { ...mail, message: { ...message, from: { ...person, ok: "true" } } },
    "a domain alone": { ...mail, primaryType: "EIP712Domain", message: {} },
    "an unknown primary type": { ...mail, primaryType: "Nope" },
  };

  for (const [name, data] of Object.entries(CASES)) {
    it(name, async () => {
      const pair = await Pair.start();
      await pair.compare("eth_signTypedData_v4", A, data);
      await pair.compare("eth_signTypedData_v4", `0x${"00".repeat(19)}aa`, data);
      await pair.close();
    });
  }
});

describe("facts about the network", () => {
  it("are the stock network's", async () => {
    const pair = await Pair.start();
    for (const method of [
      "eth_accounts",
      "eth_coinbase",
      "eth_chainId",
      "eth_syncing",
      "net_version",
      "web3_clientVersion",
      "hardhat_metadata",
      "eth_gasPrice",
      "eth_maxPriorityFeePerGas",
      "eth_blobBaseFee",
      "eth_blockNumber",
    ]) {
      await pair.ask(method);
    }
    await pair.close();
  });

  it("parameters must be a list", async () => {
    const pair = await Pair.start();
    for (const network of [pair.stock, pair.ours]) {
      for (const params of [{ a: 1 }, null]) {
        const error = await network
          // Callers without types can send anything.
          .request({ method: "eth_accounts", params: params as unknown as unknown[] })
          .then(
            () => null,
            (reason: { message: string; code: number; name: string }) => reason,
          );
        expect(error?.message).to.equal(
          "Hardhat Network doesn't support JSON-RPC params sent as an object",
        );
        expect(error?.code).to.equal(-32000);
        expect(error?.name).to.equal("InvalidInputError");
      }
    }
    await pair.close();
  });
});
