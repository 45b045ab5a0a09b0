/**
 * What bench/gas-cost.ts measures: for each class of opcodes, and each precompile, code that does nothing else
 * until its gas is gone, with the operands that take longest.
 *
 * A case is a loop: `setup`, then `body` again and again, which leaves the stack as it was.
 */
import { OP } from "../src/execution/engine/fast/compiled/opcode-facts";
import type { Address } from "../src/state/hex";
import type { AccountDescription } from "../test/helpers/map-state";
import { POINT_EVALUATION, type PrecompileInput, precompileInputs } from "./precompile-inputs";

export interface GasCase {
  readonly name: string;
  readonly code: Uint8Array;
  readonly calldata: Uint8Array;
  readonly hardfork: string;
  readonly others: Readonly<Record<Address, AccountDescription>>;
  /** gas that the loop gets at least, where it takes so much to show what it costs */
  readonly leastGas: bigint;
  /** the place of the one that it calls, which all tiers run alike; null for opcodes */
  readonly precompile: number | null;
}

const NO_BYTES = new Uint8Array(0);
export const OTHER: Address = "0x0123000000000000000000000000000000000001";
/** bytes of code (EIP-170) */
const MAX_CODE = 24_576;
/** 256-bit operands whose quotients and products take all limbs */
const A = `0x${"fedcba9876543210".repeat(4)}`;
const B = `0x${"89abcdef01234567".repeat(4)}`;
const ODD = `0x${"c3a5c85c97cb3127".repeat(4)}`;
const HALF = `0x${"f0e1d2c3b4a59687".repeat(2)}`;
const MOST = `0x${"ff".repeat(32)}`;

const NAMES = new Map<string, number>(Object.entries(OP));

/** Words: opcodes by name (PUSH by its hex literal, DUPn, SWAPn), `word*n` for n of them. */
export function assembleCase(source: string): number[] {
  return source
    .split(/\s+/)
    .filter((text) => text !== "")
    .flatMap((text) => {
      const [word = "", times = "1"] = text.split("*");
      const bytes = bytesOf(word);
      return Array.from({ length: Number(times) }, () => bytes).flat();
    });
}

function bytesOf(word: string): number[] {
  if (word.startsWith("0x")) {
    const digits = word.slice(2);
    const literal = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
    return [OP.PUSH0 + literal.length, ...literal];
  }
  const numbered = /^(DUP|SWAP)(\d+)$/.exec(word);
  const opcode =
    numbered === null
      ? NAMES.get(word)
      : (numbered[1] === "DUP" ? OP.DUP1 : OP.SWAP1) + Number(numbered[2]) - 1;
  if (opcode === undefined) {
    throw new Error(`unknown mnemonic ${word}`);
  }
  return [opcode];
}

/** The loop around `body`, which is written out until it makes up for the jump. */
function loop(setup: string, body: string): Uint8Array {
  const before = assembleCase(setup);
  const once = assembleCase(body);
  const times = Math.max(1, Math.floor(400 / once.length));
  const start = before.length;
  return Uint8Array.from([
    ...before,
    OP.JUMPDEST,
    ...Array.from({ length: times }, () => once).flat(),
    ...assembleCase(`0x${start.toString(16)} JUMP`),
  ]);
}

interface Options {
  readonly calldata?: Uint8Array;
  readonly hardfork?: string;
  readonly others?: Readonly<Record<Address, AccountDescription>>;
  readonly precompile?: number;
  readonly leastGas?: bigint;
}

function caseOf(name: string, code: Uint8Array, options: Options = {}): GasCase {
  return {
    name,
    code,
    calldata: options.calldata ?? NO_BYTES,
    hardfork: options.hardfork ?? "osaka",
    others: options.others ?? {},
    precompile: options.precompile ?? null,
    leastGas: options.leastGas ?? 0n,
  };
}

const binary = (name: string, a = A, b = B): GasCase =>
  caseOf(name, loop(`${b} ${a}`, `DUP2 DUP2 ${name} POP`));
const ternary = (name: string): GasCase =>
  caseOf(name, loop(`${ODD} ${B} ${A}`, `DUP3 DUP3 DUP3 ${name} POP`));
const unary = (name: string): GasCase => caseOf(name, loop(A, `DUP1 ${name} POP`));
const nullary = (name: string): GasCase => caseOf(name, loop("", `${name} POP`));
/** bytes of memory that copying and hashing opcodes work on */
const LARGE = "0x8000";
const MEMORY = "0x1 0x8000 MSTORE";
const CODE = Uint8Array.from({ length: MAX_CODE }, (_, i) => (i * 37) & 0xff);

/** gas of one transaction (EIP-7825) */
const MOST_GAS = 1n << 24n;
/** Contracts of the largest size, and the first one's address, for code that calls them in turn. */
const MANY = 1000;
const FIRST = 0xaa00000000000000000000000000000000000000n;

/** Jumps to its end: where it may jump to has to be known of all of the code. */
function longJumper(number: number): AccountDescription {
  const code = new Uint8Array(MAX_CODE);
  // the number makes it another code; PUSH2, JUMP … JUMPDEST, STOP
  code.set([OP.PUSH1 + 1, number >> 8, number & 0xff, OP.POP, OP.PUSH1 + 1, 0x5f, 0xfe, OP.JUMP]);
  code[0x5ffe] = OP.JUMPDEST;
  return { nonce: 1n, code };
}

const OPCODES: readonly GasCase[] = [
  binary("ADD"),
  binary("SUB"),
  binary("MUL"),
  binary("DIV", A, HALF),
  binary("SDIV", MOST, HALF),
  binary("MOD", A, HALF),
  binary("SMOD", MOST, HALF),
  ternary("ADDMOD"),
  ternary("MULMOD"),
  binary("EXP", ODD, MOST),
  binary("SIGNEXTEND", "0x1e", A),
  binary("LT"),
  binary("SLT", MOST, A),
  binary("EQ", A, A),
  unary("ISZERO"),
  unary("NOT"),
  unary("CLZ"),
  binary("AND"),
  binary("BYTE", "0x1f", A),
  binary("SHL", "0x7b", A),
  binary("SHR", "0x7b", A),
  binary("SAR", "0x7b", MOST),
  caseOf("KECCAK256 of 0 bytes", loop("", "0x0 0x0 KECCAK256 POP")),
  caseOf("KECCAK256 of 32 bytes", loop(MEMORY, "0x20 0x0 KECCAK256 POP")),
  caseOf("KECCAK256 of 32 KB", loop(MEMORY, `${LARGE} 0x0 KECCAK256 POP`)),
  ...["ADDRESS", "ORIGIN", "CALLER", "CALLVALUE", "CALLDATASIZE", "CODESIZE", "GASPRICE"].map(
    nullary,
  ),
  ...["COINBASE", "TIMESTAMP", "PREVRANDAO", "CHAINID", "SELFBALANCE", "BASEFEE", "GAS"].map(
    nullary,
  ),
  caseOf("BLOBHASH", loop("", "0x0 BLOBHASH POP")),
  ...["BLOBBASEFEE", "PC", "MSIZE", "RETURNDATASIZE"].map(nullary),
  caseOf("BLOCKHASH", loop("0x3e7", "DUP1 BLOCKHASH POP")),
  caseOf("CALLDATALOAD", loop("", "0x1 CALLDATALOAD POP"), { calldata: CODE }),
  caseOf("CALLDATACOPY of 32 KB", loop(MEMORY, `${LARGE} 0x0 0x0 CALLDATACOPY`), {
    calldata: CODE,
  }),
  caseOf("CALLDATACOPY of 1 byte", loop(MEMORY, "0x1 0x0 0x0 CALLDATACOPY"), { calldata: CODE }),
  caseOf("CODECOPY of 32 KB", loop(MEMORY, `${LARGE} 0x0 0x0 CODECOPY`)),
  caseOf("EXTCODECOPY of 32 KB", loop(MEMORY, `${LARGE} 0x0 0x0 ${OTHER} EXTCODECOPY`), {
    others: { [OTHER]: { nonce: 1n, code: CODE } },
  }),
  caseOf("EXTCODECOPY of 1 byte", loop(MEMORY, `0x1 0x0 0x0 ${OTHER} EXTCODECOPY`), {
    others: { [OTHER]: { nonce: 1n, code: CODE } },
  }),
  caseOf("MCOPY of 32 KB", loop(MEMORY, `${LARGE} 0x1 0x0 MCOPY`)),
  caseOf("MCOPY of 1 byte", loop(MEMORY, "0x1 0x1 0x0 MCOPY")),
  caseOf("MLOAD", loop(MEMORY, "0x21 MLOAD POP")),
  caseOf("MSTORE", loop(`${MEMORY} ${A}`, "DUP1 0x21 MSTORE")),
  caseOf("MSTORE8", loop(`${MEMORY} ${A}`, "DUP1 0x21 MSTORE8")),
  caseOf("memory, word by word", loop("0x0", "0x20 ADD DUP1 DUP1 MSTORE")),
  caseOf("memory, word by word, to 2.7 MB", loop("0x0", "0x20 ADD DUP1 DUP1 MSTORE"), {
    leastGas: MOST_GAS,
  }),
  caseOf("PUSH32 POP", loop("", `${A} POP`)),
  caseOf("PUSH0 POP", loop("", "0x POP")),
  caseOf("DUP16 POP", loop("0x1*16", "DUP16 POP")),
  caseOf("SWAP16", loop(`${A}*17`, "SWAP16")),
  caseOf("stack of 1000 items", loop(`${A}*640`, "DUP16*300 POP*300")),
  caseOf("JUMPDEST", loop("", "JUMPDEST*400")),
  caseOf("JUMP", jumpChain(false)),
  caseOf("JUMPI", jumpChain(true)),
  caseOf("JUMP, computed", computedJumps()),
  caseOf(
    `STATICCALL, ${MANY} codes of 24 KB in turn`,
    loop(
      "0x0",
      `0x1 ADD 0x 0x 0x 0x DUP5 0x${MANY.toString(16)} SWAP1 MOD 0x${FIRST.toString(16)} ADD GAS STATICCALL POP`,
    ),
    {
      leastGas: MOST_GAS,
      others: Object.fromEntries(
        Array.from({ length: MANY }, (_, number) => [
          `0x${(FIRST + BigInt(number)).toString(16)}` as Address, // 40 digits: the first begins with aa
          longJumper(number),
        ]),
      ),
    },
  ),
  caseOf("LOG0, no data", loop("", "0x0 0x0 LOG0")),
  caseOf("LOG4, no data", loop(A, "DUP1*4 0x0 0x0 LOG4")),
  caseOf("LOG0 of 8 KB", loop(MEMORY, "0x2000 0x0 LOG0")),
  caseOf("SLOAD, warm", loop("", "0x1 SLOAD POP")),
  caseOf("SLOAD, cold", loop("0x0", "0x1 ADD DUP1 SLOAD POP")),
  caseOf("SSTORE, warm and same", loop("", "0x0 0x1 SSTORE")),
  caseOf("SSTORE, dirty", loop("0x1", "0x1 ADD DUP1 0x1 SSTORE")),
  caseOf("SSTORE, fresh", loop("0x0", "0x1 ADD 0x1 DUP2 SSTORE")),
  caseOf("TLOAD", loop("0x0", "0x1 ADD DUP1 TLOAD POP")),
  caseOf("TSTORE, one slot", loop("0x0", "0x1 ADD DUP1 0x1 TSTORE")),
  caseOf("TSTORE, fresh", loop("0x0", "0x1 ADD 0x1 DUP2 TSTORE")),
  caseOf("BALANCE, warm", loop("", "ADDRESS BALANCE POP")),
  caseOf("BALANCE, cold", loop("0xffffff", "0x1 ADD DUP1 BALANCE POP")),
  caseOf("EXTCODESIZE, cold", loop("0xffffff", "0x1 ADD DUP1 EXTCODESIZE POP")),
  caseOf("EXTCODEHASH, warm", loop("", "ADDRESS EXTCODEHASH POP")),
  caseOf("CALL of nobody, warm", loop("", `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL POP`)),
  caseOf("CALL of an empty frame", loop("", `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL POP`), {
    others: { [OTHER]: { nonce: 1n, code: Uint8Array.of(OP.STOP) } },
  }),
  caseOf("CALLCODE of an empty frame", loop("", `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALLCODE POP`), {
    others: { [OTHER]: { nonce: 1n, code: Uint8Array.of(OP.STOP) } },
  }),
  caseOf(
    "RETURNDATACOPY of 1 byte",
    loop(`${MEMORY} 0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL POP`, "0x1 0x0 0x0 RETURNDATACOPY"),
    {
      others: {
        [OTHER]: { nonce: 1n, code: Uint8Array.from(assembleCase(`${LARGE} 0x0 RETURN`)) },
      },
    },
  ),
  caseOf(
    "DELEGATECALL of an empty frame",
    loop("", `0x0 0x0 0x0 0x0 ${OTHER} GAS DELEGATECALL POP`),
    {
      others: { [OTHER]: { nonce: 1n, code: Uint8Array.of(OP.STOP) } },
    },
  ),
  caseOf(
    "CALL with 32 KB of calldata",
    loop(MEMORY, `0x0 0x0 ${LARGE} 0x0 0x0 ${OTHER} GAS CALL POP`),
    {
      others: { [OTHER]: { nonce: 1n, code: Uint8Array.of(OP.STOP) } },
    },
  ),
  caseOf(
    "CALL that reverts with 32 KB",
    loop(MEMORY, `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL POP`),
    {
      others: {
        [OTHER]: { nonce: 1n, code: Uint8Array.from(assembleCase(`${LARGE} 0x0 REVERT`)) },
      },
    },
  ),
  caseOf(
    "CALL of a frame that takes 64 KB of memory",
    loop("", `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL POP`),
    {
      others: { [OTHER]: { nonce: 1n, code: Uint8Array.from(assembleCase("0x1 0x10000 MSTORE")) } },
    },
  ),
  caseOf(
    "CALL of itself, as deep as it goes",
    Uint8Array.from(assembleCase(`JUMPDEST 0x0 0x0 0x0 0x0 0x0 ADDRESS GAS CALL POP 0x0 JUMP`)),
  ),
  caseOf("CREATE of nothing", loop("", "0x0 0x0 0x0 CREATE POP")),
  caseOf("CREATE with 48 KB of init code", loop("0x1 0xc000 MSTORE", "0xc000 0x0 0x0 CREATE POP")),
  caseOf(
    "CREATE2 with 48 KB of init code",
    loop("0x1 0xc000 MSTORE 0x0", "0x1 ADD DUP1 0xc000 0x0 0x0 CREATE2 POP"),
  ),
  caseOf("SELFDESTRUCT in inner frames", loop("", `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL POP`), {
    others: { [OTHER]: { nonce: 1n, code: Uint8Array.from(assembleCase("ADDRESS SELFDESTRUCT")) } },
  }),
];

/** 24 KB of jumps from place to place. */
function jumpChain(conditional: boolean): Uint8Array {
  const length = conditional ? 7 : 5;
  const count = Math.floor(MAX_CODE / length);
  return Uint8Array.from(
    Array.from({ length: count }, (_, i) => {
      const next = ((i + 1) % count) * length;
      const push = [0x61, next >> 8, next & 0xff];
      return conditional
        ? [OP.JUMPDEST, 0x60, 1, ...push, OP.JUMPI]
        : [OP.JUMPDEST, ...push, OP.JUMP];
    }).flat(),
  );
}

/** Jumps to places that are computed, so that no compiler knows them: i = i * 5 + 1 modulo 512 places. */
function computedJumps(): Uint8Array {
  const block = assembleCase("JUMPDEST 0x5 MUL 0x1 ADD 0x1ff AND DUP1 0x5 SHL 0x20 ADD JUMP");
  const start = assembleCase("0x1 0x20 JUMP");
  const bytes = new Uint8Array(32 + 512 * 32);
  bytes.set(start);
  for (let place = 0; place < 512; place++) {
    bytes.set(block, 32 + place * 32);
  }
  return bytes;
}

function precompileCase({ name, place, input, hardfork }: PrecompileInput): GasCase {
  const call = `0x0 0x0 CALLDATASIZE 0x0 0x${place.toString(16)} GAS STATICCALL POP`;
  return caseOf(name, loop("CALLDATASIZE 0x0 0x0 CALLDATACOPY", call), {
    calldata: input,
    hardfork,
    precompile: place,
  });
}

/** Without point evaluation, which is measured apart (point-evaluation-cost.ts). */
export async function gasCases(): Promise<readonly GasCase[]> {
  const inputs = (await precompileInputs()).filter(({ place }) => place !== POINT_EVALUATION);
  return [...OPCODES, ...inputs.map(precompileCase)];
}
