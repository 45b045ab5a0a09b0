import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ErrorAbi } from "../../src/hardhat2/error-abi";
import { withEnvironment } from "./hardhat-environment";

/** 32 bytes of code with an immutable at bytes 4 to 7, then CBOR metadata of 4 bytes. */
const OBJECT = `6001600255555555${"5b".repeat(20)}a1616100${"0004"}`;
const ERROR = { type: "error", name: "TooMuch", inputs: [{ type: "uint256", name: "wanted" }] };

const BUILD_INFO = {
  id: "x",
  solcVersion: "0.8.30",
  solcLongVersion: "0.8.30+commit.73712a01",
  input: { language: "Solidity", settings: {} },
  output: {
    contracts: {
      "contracts/A.sol": {
        A: {
          abi: [ERROR, { type: "function", name: "f" }],
          evm: {
            bytecode: { object: OBJECT },
            deployedBytecode: {
              object: OBJECT,
              immutableReferences: { 7: [{ start: 4, length: 4 }] },
            },
          },
        },
      },
    },
  },
};

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

describe("hardhat2/error-abi", () => {
  it("gives a contract's errors by its runtime code, whatever its immutables, and nobody else's", async () => {
    await withEnvironment("module.exports = {};", async ({ hre, directory }) => {
      const folder = join(directory, "artifacts", "build-info");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "x.json"), JSON.stringify(BUILD_INFO));
      const errors = new ErrorAbi(hre.artifacts);
      assert.deepEqual(errors.of(bytes(OBJECT)), [], "nothing is known before load");
      await errors.load();
      assert.deepEqual(errors.of(bytes(OBJECT)), [ERROR]);
      assert.deepEqual(errors.of(bytes(OBJECT.replace("55555555", "01020304"))), [ERROR]);
      assert.deepEqual(errors.of(bytes(OBJECT.replace("60016002", "60016003"))), []);
      assert.deepEqual(errors.of(new Uint8Array()), []);
    });
  });
});
