import { expect } from "chai";
import { keccak256, toBeHex, toTwos } from "ethers";
import { checksumAddress, formatKey, type KeyNames } from "../../../src/analysis/naming/key-format";
import { asHex } from "./recorded-chain";

const NAMES: KeyNames = {
  account: (address) => (address === `0x${"11".repeat(20)}` ? "treasury" : undefined),
  enumMembers: (astId) => (astId === "17" ? ["Open", "Closed"] : undefined),
  underlyingType: (label) => (label === "Price" ? "uint64" : undefined),
  constant: (value) => (value === asHex(keccak256("0x01")) ? "ONE" : undefined),
};

function format(id: string, label: string, size: number, hex: string): string | null {
  return formatKey({ id, label, bytes: size }, Buffer.from(hex.slice(2), "hex"), NAMES);
}

const word = (value: bigint | number) => toBeHex(value, 32);

describe("keys of mappings", () => {
  // The examples of EIP-55.
  it("addresses are checksummed by EIP-55", () => {
    for (const address of [
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
      "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
      "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
      "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ]) {
      expect(checksumAddress(asHex(address))).to.equal(address);
    }
  });

  it("a labelled account goes by its label, contracts alike", () => {
    const key = word(BigInt(`0x${"11".repeat(20)}`));
    expect(format("t_address", "address", 20, key)).to.equal("treasury");
    expect(format("t_contract(Pool)5", "contract Pool", 20, key)).to.equal("treasury");
  });

  it("numbers are decimal, negative ones too", () => {
    expect(format("t_uint256", "uint256", 32, word(2n ** 256n - 1n))).to.equal(
      (2n ** 256n - 1n).toString(),
    );
    expect(format("t_int8", "int8", 1, word(toTwos(-128, 256)))).to.equal("-128");
    expect(format("t_int256", "int256", 32, word(toTwos(-(2n ** 255n), 256)))).to.equal(
      (-(2n ** 255n)).toString(),
    );
  });

  it("words that the type cannot hold are refused", () => {
    expect(format("t_uint8", "uint8", 1, word(256))).to.equal(null);
    expect(format("t_int8", "int8", 1, word(128))).to.equal(null);
    expect(format("t_bool", "bool", 1, word(2))).to.equal(null);
    expect(format("t_address", "address", 20, word(1n << 160n))).to.equal(null);
    expect(format("t_bytes4", "bytes4", 4, word(1))).to.equal(null);
    expect(format("t_enum(State)17", "enum State", 1, word(256))).to.equal(null);
    expect(format("t_uint256", "uint256", 32, "0x01")).to.equal(null);
    expect(format("t_function_external_view()returns()", "function", 24, word(1))).to.equal(null);
  });

  it("bytesN in hex, hashed constants by name", () => {
    expect(format("t_bytes4", "bytes4", 4, `0xa9059cbb${"00".repeat(28)}`)).to.equal("0xa9059cbb");
    expect(format("t_bytes32", "bytes32", 32, keccak256("0x01"))).to.equal("ONE");
    expect(format("t_bytes32", "bytes32", 32, word(1))).to.equal(word(1));
  });

  it("enum members by name where known, else by number", () => {
    expect(format("t_enum(State)17", "enum State", 1, word(1))).to.equal("Closed");
    expect(format("t_enum(State)17", "enum State", 1, word(5))).to.equal("5");
    expect(format("t_enum(Other)18", "enum Other", 1, word(1))).to.equal("1");
  });

  it("user-defined value types as what they are, in hex where that is unknown", () => {
    expect(format("t_userDefinedValueType(Price)3", "Price", 8, word(9))).to.equal("9");
    expect(format("t_userDefinedValueType(Price)3", "Price", 8, word(1n << 64n))).to.equal(null);
    expect(format("t_userDefinedValueType(Odd)4", "Odd", 8, word(9))).to.equal(word(9));
  });

  it("strings in quotes, with nothing in them that steers a terminal", () => {
    const text = (characters: string) =>
      format("t_string_memory_ptr", "string", 32, `0x${Buffer.from(characters).toString("hex")}`);
    expect(text("gold")).to.equal('"gold"');
    expect(text('a"b\\c\n')).to.equal('"a\\"b\\\\c\\n"');
    expect(text("\u001b[31mred\u009b")).to.equal('"\\u001b[31mred\\u{9b}"');
    expect(text("abc\u202edef")).to.equal('"abc\\u{202e}def"');
    expect(text("größe 金")).to.equal('"größe 金"');
    expect(format("t_string_memory_ptr", "string", 32, "0xff00")).to.equal('hex"ff00"');
    expect(format("t_bytes_memory_ptr", "bytes", 32, "0xff00")).to.equal("0xff00");
  });
});
