/**
 * Hostile code and requests: answered as the stock network answers them, within the gas they pay for.
 */
import { expect } from "chai";
import { bytesToHex } from "../../../src/state/bytes";
import { assemble } from "../../helpers/assembler";
import { ENGINES, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const HUGE = `0x${"ff".repeat(32)}`;
const HALF = `0x80${"00".repeat(31)}`;
const TARGET = `0x${"c1".repeat(20)}`;
const GAS = "0x2dc6c0"; // 3 million

const code = (source: string): string => bytesToHex(assemble(source));
const bytes = (...parts: readonly string[]): string =>
  `0x${parts.map((part) => part.replace(/^0x/, "")).join("")}`;

/** PUSH the operands, last one on top, then the opcode. */
const opcode = (byte: string, ...operands: readonly string[]): string =>
  bytes(code(operands.join(" ")), byte, "00");

const OFFSETS = [HUGE, HALF, "0xffffffff", "0x7fffffffffffffff", "0x3fffffff"] as const;

const PROGRAMS: Readonly<Record<string, string>> = {
  "an endless loop": "0x5b600056",
  "an endless loop that grows memory": code(
    "JUMPDEST 0x0 MLOAD 0x20 ADD DUP1 DUP1 MSTORE 0x0 MSTORE 0x0 JUMP",
  ),
  "a call of itself with all gas": code(`0x0 0x0 0x0 0x0 0x0 ${TARGET} GAS CALL STOP`),
  "two calls of itself with all gas": code(
    `0x0 0x0 0x0 0x0 0x0 ${TARGET} GAS CALL 0x0 0x0 0x0 0x0 0x0 ${TARGET} GAS CALL STOP`,
  ),
  "a creation of itself": bytes("0x3660006000373660006000600060006000f050", "383d3d39383d3df000"),
  "large return data": code("0x15f900 0x0 RETURN"),
  "large revert data": code("0x15f900 0x0 REVERT"),
  "return data copied over and over": bytes(
    code("0x10000 0x0 0x0 0x0 0x4 GAS"),
    "fa505b",
    code("0x10000 0x0 0x0"),
    "3e600c56",
  ),
  "a jump to the end of the numbers": code(`${HUGE} JUMP`),
  "a copy beyond the return data": bytes(code(`0x1 ${HUGE} 0x0`), "3e00"),
  "an exponent of all ones": bytes(code(`${HUGE} ${HUGE}`), "0a00"),
  "shifts by all ones": bytes(code(`0x1 ${HUGE}`), "1b", code(HUGE), "1c", code(HUGE), "1d00"),
  "BYTE and SIGNEXTEND of all ones": bytes(code(`0x1 ${HUGE}`), "1a", code(HUGE), "0b00"),
  "BLOCKHASH of all ones": code(`${HUGE} BLOCKHASH 0x0 MSTORE 0x20 0x0 RETURN`),
  "CALLDATALOAD of all ones": code(`${HUGE} CALLDATALOAD 0x0 MSTORE 0x20 0x0 RETURN`),
  "a call with more gas than there is": code(`0x0 0x0 0x0 0x0 0x0 0x4 ${HUGE} CALL STOP`),
  "a modular exponentiation of huge lengths": code(
    `${HUGE} 0x0 MSTORE ${HUGE} 0x20 MSTORE ${HUGE} 0x40 MSTORE 0x20 0x0 0x60 0x0 0x5 GAS STATICCALL
     0x0 MSTORE 0x20 0x0 RETURN`,
  ),
};

for (const offset of OFFSETS) {
  const at = `at ${offset.slice(0, 12)} (${(offset.length - 2) / 2} bytes)`;
  Object.assign(PROGRAMS, {
    [`MSTORE ${at}`]: opcode("52", "0x1", offset),
    [`MSTORE8 ${at}`]: opcode("53", "0x1", offset),
    [`MLOAD ${at}`]: opcode("51", offset),
    [`KECCAK256 of as many bytes ${at}`]: opcode("20", offset, "0x0"),
    [`CALLDATACOPY ${at}`]: opcode("37", "0x20", offset, offset),
    [`CALLDATACOPY of as many bytes ${at}`]: opcode("37", offset, "0x0", "0x0"),
    [`CODECOPY ${at}`]: opcode("39", "0x20", offset, "0x0"),
    [`EXTCODECOPY of as many bytes ${at}`]: opcode("3c", offset, "0x0", "0x0", TARGET),
    [`RETURNDATACOPY ${at}`]: opcode("3e", "0x0", offset, "0x0"),
    [`MCOPY ${at}`]: opcode("5e", offset, "0x0", "0x0"),
    [`LOG of as many bytes ${at}`]: opcode("a0", offset, "0x0"),
    [`RETURN ${at}`]: opcode("f3", "0x20", offset),
    [`RETURN of as many bytes ${at}`]: opcode("f3", offset, "0x0"),
    [`REVERT of as many bytes ${at}`]: opcode("fd", offset, offset),
    [`CREATE ${at}`]: opcode("f0", "0x20", offset, "0x0"),
    [`CREATE2 of as many bytes ${at}`]: opcode("f5", "0x0", offset, "0x0", "0x0"),
    [`CALL with input ${at}`]: opcode("f1", "0x0", "0x0", "0x20", offset, "0x0", "0x4", "0xffff"),
    [`CALL with output of as many bytes ${at}`]: opcode(
      "f1",
      offset,
      "0x0",
      "0x0",
      "0x0",
      "0x0",
      "0x4",
      "0xffff",
    ),
    [`nothing ${at}`]: opcode("f3", "0x0", offset),
  });
}

/** The reference engine calls it "out of gas", which stock does not; what they come to is the same. */
const NAMED_OTHERWISE =
  /RETURNDATACOPY|CREATE2? of as many|return data copied|beyond the return data/;

for (const engine of ENGINES) {
  describe(`hostile code (${engine})`, () => {
    let pair: Pair;

    before(async () => {
      pair = await Pair.start({ engine, throwOnTransactionFailures: false });
    });

    after(() => pair.close());

    for (const [name, program] of Object.entries(PROGRAMS)) {
      it(name, async () => {
        await pair.ask("hardhat_setCode", TARGET, program);
        if (engine === "fast" || !NAMED_OTHERWISE.test(name)) {
          await pair.compare("eth_call", { from: A, to: TARGET, gas: GAS });
        }
        await pair.ask("eth_sendTransaction", { from: A, to: TARGET, gas: GAS });
        await pair.ask("eth_getBlockByNumber", "latest", true);
      });
    }
  });
}

describe("hostile requests", () => {
  let pair: Pair;

  before(async () => {
    pair = await Pair.start();
  });

  after(() => pair.close());

  const nested = (depth: number): unknown => {
    let value: unknown = 0;
    for (let level = 0; level < depth; level++) {
      value = [value];
    }
    return value;
  };

  const MANY = 100_000;
  const REQUESTS: Readonly<Record<string, readonly [string, ...unknown[]]>> = {
    "a million digits of address": ["eth_getBalance", `0x${"a".repeat(1_000_000)}`],
    "a million digits of quantity": ["hardhat_setBalance", A, `0x${"f".repeat(1_000_000)}`],
    "a megabyte of raw transaction": ["eth_sendRawTransaction", `0x${"12".repeat(1_000_000)}`],
    "a megabyte of calldata": ["eth_call", { from: A, to: A, data: `0x${"00".repeat(1_000_000)}` }],
    "many parameters": ["eth_blockNumber", ...new Array<number>(MANY).fill(1)],
    "many addresses of a filter": ["eth_getLogs", { address: new Array<string>(MANY).fill(A) }],
    "many percentiles": ["eth_feeHistory", "0x1", "latest", new Array<number>(MANY).fill(50)],
    "many keys of a proof": ["eth_getProof", A, new Array<string>(200).fill(HUGE), "latest"],
    "a list in lists": ["eth_getBalance", nested(100)],
    "an endless list of bytes": ["web3_sha3", new Array<number>(MANY).fill(1)],
    "a block number of all ones": ["eth_getBlockByNumber", "0xffffffffffffffff", false],
    "__proto__ as a field": ["eth_call", JSON.parse('{"to":null,"__proto__":{"data":"0x12"}}')],
    "constructor as a method": ["constructor"],
    "__proto__ as a method": ["__proto__"],
  };

  for (const [name, [method, ...params]] of Object.entries(REQUESTS)) {
    it(name, async () => {
      await pair.compare(method, ...params);
    });
  }

  it("logs of all block numbers there can be (the stock network looks at each of them)", async () => {
    const range = { fromBlock: "0x0", toBlock: "0xffffffffffffffff" };
    const logs = await pair.ours.request({ method: "eth_getLogs", params: [range] });
    expect(logs).to.deep.equal([]);
  });

  it("an increase of time by all numbers (the stock network aborts its process)", async () => {
    const refusal = await pair.ours
      .request({ method: "evm_increaseTime", params: ["0xffffffffffffffff"] })
      .catch((error: Error) => error.message);
    expect(refusal).to.equal("Time cannot be increased by more than 9223372036854775807 seconds");
  });
});
