/**
 * Constants evaluated from the AST, against the values that the compiled contract gives for them.
 */
import { expect } from "chai";
import { compile } from "../naming/compile";
import { RecordedChain } from "../naming/recorded-chain";

/** Expressions of type bytes32; those that are not evaluated must have no value rather than a wrong one. */
const EVALUATED: Readonly<Record<string, string>> = {
  HASH: 'keccak256("a name")',
  HASH_OF_BYTES: 'keccak256(bytes("other"))',
  HASH_OF_HEX: 'keccak256(hex"00ff")',
  UNICODE: 'keccak256(unicode"größe")',
  LITERAL: "0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00",
  TEXT: '"a text"',
  CONVERTED_TEXT: 'bytes32("converted")',
  SHORT_BYTES: "bytes32(bytes4(0x12345678))",
  CUT: 'bytes32(bytes4(keccak256("transfer(address,uint256)")))',
  ERC1967: 'bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1)',
  ERC7201:
    'keccak256(abi.encode(uint256(keccak256("example.main")) - 1)) & ~bytes32(uint256(0xff))',
  PACKED: 'keccak256(abi.encodePacked("a", "b", uint256(7)))',
  ENCODED: "keccak256(abi.encode(uint256(5), address(0x70997970C51812dc3A010C7d01b50e0d17dc79C8)))",
  OR: "bytes32(uint256(1) << 200 | uint256(0xff))",
  SHIFTED: "bytes32(uint256(type(uint128).max) << 64)",
  BASED: "bytes32(uint256(BASE) ^ 5)",
  FROM_ADDRESS: "bytes32(uint256(uint160(0x70997970C51812dc3A010C7d01b50e0d17dc79C8)) << 96)",
  LEFT_ADDRESS: "bytes32(bytes20(address(0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC)))",
  PRODUCT: "bytes32(uint256(10**18) * 10**18 + 1)",
};

const NOT_EVALUATED: Readonly<Record<string, string>> = {
  STRING_ENCODED: 'keccak256(abi.encode("a"))',
  SMALL_PACKED: "keccak256(abi.encodePacked(uint8(1), uint16(2)))",
  SIGNED: "bytes32(uint256(int256(-5)))",
  WRAPPED: "keccak256(abi.encode(true ? 1 : 2))",
  DIVIDED: "bytes32(uint256(2**200) / uint256(DIVISOR))",
};

const SOURCE = `
contract Constants {
  bytes32 internal constant BASE = keccak256("base");
  uint256 internal constant DIVISOR = 3;
  ${Object.entries({ ...EVALUATED, ...NOT_EVALUATED })
    .map(([name, value]) => `bytes32 public constant ${name} = ${value};`)
    .join("\n  ")}
}`;

describe("constants of the source", () => {
  it("have the values that the compiler gives them, or none", async () => {
    const contract = compile(SOURCE, { optimizer: false }).get("Constants");
    if (contract === undefined) {
      throw new Error("Constants is missing");
    }
    const chain = await RecordedChain.create();
    const address = await chain.deploy(contract);
    const byName = new Map(
      Object.entries(contract.constants ?? {}).map(([value, name]) => [name, value]),
    );
    for (const name of Object.keys(EVALUATED)) {
      expect(byName.get(name), name).to.equal(await chain.ask(contract, address, name));
    }
    for (const name of Object.keys(NOT_EVALUATED)) {
      const value = byName.get(name);
      if (value !== undefined) {
        expect(value, name).to.equal(await chain.ask(contract, address, name));
      }
    }
  });
});
