/** What reverts say; encodings come from ethers. */
import { expect } from "chai";
import { Interface } from "ethers";
import { revertMessage } from "../../src/rpc/revert-reason";

const A = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const prefix = "VM Exception while processing transaction: reverted with ";

const contract = new Interface([
  "error Custom(uint256 number, string text)",
  "error One(address account)",
  "error Nothing()",
  "error Nested(uint256[] list, (uint256 x, bytes y) pair, bool ok, int8)",
  "error Single((uint256 x, uint256 y) pair)",
  "error List(address[2] accounts)",
]);
const abi: readonly unknown[] = JSON.parse(contract.formatJson());

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}

function custom(name: string, values: readonly unknown[]): string {
  return revertMessage(bytes(contract.encodeErrorResult(name, values)), abi);
}

describe("revert messages", () => {
  it("no data", () => {
    expect(revertMessage(new Uint8Array(0), abi)).to.equal(
      "Transaction reverted without a reason string",
    );
  });

  it("Error(string), also empty, long and not ASCII", () => {
    const standard = new Interface(["error Error(string)"]);
    for (const text of ["no", "", "x".repeat(100), "naïve 'quoted' ☃"]) {
      const data = bytes(standard.encodeErrorResult("Error", [text]));
      expect(revertMessage(data, [])).to.equal(`${prefix}reason string '${text}'`);
    }
  });

  it("Panic(uint256) with known and unknown codes", () => {
    const standard = new Interface(["error Panic(uint256)"]);
    const message = (code: number) =>
      revertMessage(bytes(standard.encodeErrorResult("Panic", [code])), []);
    expect(message(0x12)).to.equal(
      `${prefix}panic code 0x12 (Division or modulo division by zero)`,
    );
    expect(message(0x01)).to.equal(`${prefix}panic code 0x1 (Assertion error)`);
    expect(message(0x77)).to.equal(`${prefix}unknown panic code 0x77`);
  });

  it("custom errors of a known ABI, with their arguments", () => {
    expect(custom("Custom", [7, "seven"])).to.equal(`${prefix}custom error 'Custom(7, "seven")'`);
    expect(custom("One", [A])).to.equal(`${prefix}custom error 'One("${A}")'`);
    expect(custom("Nothing", [])).to.equal(`${prefix}custom error 'Nothing()'`);
    expect(custom("Nested", [[1, 2], { x: 3, y: "0x12" }, true, -1])).to.equal(
      `${prefix}custom error 'Nested([1, 2], (3, "0x12"), true, -1)'`,
    );
    expect(custom("Single", [{ x: 1, y: 2 }])).to.equal(`${prefix}custom error 'Single((1, 2))'`);
    expect(custom("List", [[A, A]])).to.equal(`${prefix}custom error 'List(["${A}", "${A}"])'`);
  });

  it("anything else is shown as data", () => {
    for (const data of ["0x12", "0xdeadbeef", "0x08c379a0", `0x4e487b71${"00".repeat(31)}`]) {
      expect(revertMessage(bytes(data), abi)).to.equal(
        `${prefix}an unrecognized custom error (return data: ${data})`,
      );
    }
    const cut = contract.encodeErrorResult("Custom", [7, "seven"]).slice(0, -64);
    expect(revertMessage(bytes(cut), abi)).to.include("unrecognized custom error");
  });

  it("entries that are not errors are skipped", () => {
    const odd = [null, 5, { type: "function", name: "f", inputs: [] }, { type: "error" }, ...abi];
    expect(revertMessage(bytes(contract.encodeErrorResult("Nothing", [])), odd)).to.include(
      "Nothing()",
    );
  });
});
