import { expect } from "chai";
import fc from "fast-check";
import { CodeAnalysis } from "../../../../../src/execution/engine/fast/code-analysis";
import { CompiledCache } from "../../../../../src/execution/engine/fast/compiled/compiled-cache";
import { exploreControlFlow } from "../../../../../src/execution/engine/fast/compiled/explore";
import { Heat } from "../../../../../src/execution/engine/fast/compiled/heat";
import { generateFunction } from "../../../../../src/execution/engine/fast/compiled/javascript/generator";
import { scheduleOf } from "../../../../../src/execution/engine/fast/schedule";
import { forkRules } from "../../../../../src/execution/fork-rules";
import { rules } from "../../../../helpers/environment";
import { hostileCodes } from "../../../../helpers/hostile-codes";
import { propertyParameters } from "../../../../helpers/properties";
import { arbitraryProgram, codeOf } from "../../../../helpers/random-bytecode";

const schedule = scheduleOf(forkRules(rules("osaka")));

function sourceOf(code: Uint8Array): string {
  const flow = exploreControlFlow(new CodeAnalysis(code), {
    opcodeGas: schedule.opcodeGas,
    limits: { states: 600, steps: 8000, statesOfBlock: 16, height: 64 },
  });
  return generateFunction(flow, new Set()).source;
}

/** All that is in a source beside digits, punctuation and the names of slots and constants. */
const VOCABULARY = new Set(
  `BEYOND_LIMITS BigInt INVALID_JUMP INVALID_OPCODE JUMPED LEFT Math NO_BYTES Number OUT_OF_GAS REVERT
  STACK_OVERFLOW STACK_UNDERFLOW TOO_WIDE WORD_MASK accountBalance add address addressWord
  analysis arithmeticShiftRight asUintN at balance baseFeePerGas blobBaseFee blobHash block blockHash
  break byteAt byteLength bytes calldata call callOpcode callcode callerWord case chainId code coinbase
  const context continue copyExternalCode copyReturnData copyToMemory copyWithinMemory
  countLeadingZeros createOpcode delegatecall divide environment expByte externalCodeHash
  externalCodeSize false floor for frame gas gasLimit gasPrice hashMemory if jump
  jumpDestinations length let load loadInput loadNumber loadStorage log memory message modulo
  multiply null number origin outputOf PAUSED pauseBelow pc power randomness reach return returnData rules
  selfDestruct shiftLeft shiftRight signExtend signedDivide signedLess signedModulo size sp
  stack state staticcall store storeNumber storeStorage subtract switch throw timestamp
  transientLoad transientStore true value view words`.split(/\s+/),
);
const OWN_NAMES = /^(s\d+|t\d+_\d+)$/;

function expectKnownWords(source: string): void {
  const plain = /^[^'`\\]*$/.test(source) && !/\/[/*]/.test(source) && /^[\n -~]*$/.test(source);
  expect(plain, "no comment, template or escape").to.equal(true);
  for (const text of source.match(/(?<![\w$])[A-Za-z_$][\w$]*/g) ?? []) {
    expect(OWN_NAMES.test(text) || VOCABULARY.has(text), text).to.equal(true);
  }
}

describe("generated JavaScript", () => {
  it("consists of the generator's words and of numbers, whatever the code", () => {
    const opcodes = Array.from({ length: 256 }, (_, opcode) =>
      Uint8Array.from([...Array(17).fill(0x36), opcode, 0x50, 0x00]),
    );
    for (const code of opcodes) {
      expectKnownWords(sourceOf(code));
    }
    const code = fc.oneof(
      fc.uint8Array({ maxLength: 400, size: "max" }),
      arbitraryProgram().map((program) =>
        codeOf(program, ["0x1234567890123456789012345678901234567890"]),
      ),
    );
    fc.assert(
      fc.property(code, (bytes) => {
        expectKnownWords(sourceOf(bytes));
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("shows nothing of what hostile code pushes: source text becomes digits", () => {
    for (const text of [
      "*/});process.exit(1);//",
      ["`$", "{process}`'\"\\u2028"].join(""),
      "\n\u2028\u2029<!--\n-->",
    ]) {
      const bytes = Buffer.alloc(32);
      bytes.write(text);
      const places = Array.from({ length: 20 }, () => [0x7f, ...bytes]).flat();
      // pushed, computed with, stored, jumped to, called, and as bytes that are no code
      const code = [...places, 0x01, 0x52, 0x55, 0xf1, 0x36, 0x57, 0x5d, 0x56, ...bytes];
      const source = sourceOf(Uint8Array.from(code));
      expectKnownWords(source);
      expect(source).to.not.match(/process|exit|script/);
      expect(source).to.include(`0x${BigInt(`0x${bytes.toString("hex")}`).toString(16)}n`);
    }
    for (const { codes } of hostileCodes()) {
      expectKnownWords(sourceOf(codes[0] ?? new Uint8Array(0)));
    }
  });

  it("charges once a segment, keeps a counter as a number and known words out of the slots", () => {
    // 0: PUSH0 | 1: JUMPDEST PUSH1 1 ADD DUP1 CALLDATASIZE GT PUSH1 1 JUMPI STOP
    const source = sourceOf(
      Uint8Array.of(0x5f, 0x5b, 0x60, 1, 0x01, 0x80, 0x36, 0x11, 0x60, 1, 0x57, 0x00),
    );
    // JUMPDEST 1, PUSH1 3, ADD 3, DUP1 3, CALLDATASIZE 2, GT 3, PUSH1 3, JUMPI 10
    expect(source.match(/gas-=\d+/g)).to.deep.equal(["gas-=2", "gas-=28"]);
    expect(source).to.match(/s0=Number\(stack\[0\]\)/);
    expect(source).to.match(/const t1_0=1\+s0;/);
  });
});

describe("the cache of compiled code", () => {
  const heat = (): Heat => new Heat(schedule, 1, 0);

  it("drops what ran longest ago, which is cold again", () => {
    const cache = new CompiledCache(100);
    const [a, b, c] = [heat(), heat(), heat()];
    cache.add(a, 40);
    cache.add(b, 40);
    cache.use(a);
    cache.add(c, 40);
    expect([a.budget < 0, b.budget < 0, c.budget < 0]).to.deep.equal([false, false, false]);
    expect(b.budget).to.be.greaterThan(1000);
    expect([a.budget, c.budget]).to.deep.equal([0, 0]);
  });

  it("keeps a code larger than itself while it is the only one", () => {
    const cache = new CompiledCache(10);
    const [a, b] = [heat(), heat()];
    cache.add(a, 40);
    expect(a.budget).to.equal(0);
    cache.add(b, 5);
    expect(a.budget).to.be.greaterThan(1000);
    cache.drop(b);
    cache.add(a, 9);
    expect(a.budget).to.be.greaterThan(1000);
  });
});
