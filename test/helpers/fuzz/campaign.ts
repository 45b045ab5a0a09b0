/**
 * Differential fuzzing: seeded programs on the reference engine and on every tier, compared in all that can
 * be seen of a transaction (engine-pair.ts). A slice is a seed and a number of programs; a program is given
 * by the slice's seed and its index, so that each one can be run again alone.
 */
import type { Engine } from "../../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../../src/execution/engine/ethereumjs-engine";
import type { TierChoice } from "../../../src/execution/engine/fast/compiled/tier-choice";
import { createFastEngine, type FastEngine } from "../../../src/execution/engine/fast/fast-engine";
import { isExperimental } from "../../../src/execution/hardforks";
import type { TransactionExecution } from "../../../src/execution/transaction-processing";
import { differenceOf, runOn, type Scene } from "../engine-pair";
import { amsterdamProgram } from "./amsterdam-programs";
import { withBlobs } from "./blobs";
import { compareBlock, compareDrafts } from "./block-comparison";
import { type Corpus, readCorpora } from "./corpus";
import { CountingReference } from "./counting-reference";
import { mutatedProgram } from "./mutated-contracts";
import { operandProgram } from "./operand-programs";
import { type PrecompileSample, precompileSamples } from "./precompile-samples";
import { Random } from "./random";
import { type Kind, madeUpProgram, type Program } from "./scene";
import { type BlockProgram, setCodeProgram } from "./set-code-programs";

export const ALL_TIERS: readonly TierChoice[] = [
  "interpreter",
  "javascript",
  "webassembly",
  "hasty",
  "hasty-webassembly",
  "climbing",
  "auto",
];
/** mainnet blocks that a slice takes contracts from */
const BLOCKS_PER_SLICE = 3;
/**
 * Programs of a slice, in families that have indices of their own: what is added to one changes no program of
 * another. Which kind a program is goes by its index.
 */
interface Family {
  readonly first: number;
  readonly kinds: readonly Kind[];
  /** its programs for each one of the first family */
  readonly share: number;
}

const FAMILIES: readonly Family[] = [
  { first: 0, kinds: ["structured", "mutated", "structured", "raw"], share: 1 },
  { first: 1_000_000, kinds: ["operands"], share: 0.1 },
  { first: 2_000_000, kinds: ["setCode"], share: 0.1 },
  { first: 3_000_000, kinds: ["amsterdam"], share: 0.1 },
];
export const ALL_KINDS: readonly Kind[] = [...new Set(FAMILIES.flatMap(({ kinds }) => kinds))];

export interface Slice {
  readonly seed: number;
  /** of the first family */
  readonly programs: number;
  /** only this program */
  readonly only?: number;
  /** only families that have one of these, each with as many programs */
  readonly kinds?: readonly Kind[];
}

export interface Difference {
  readonly seed: number;
  readonly index: number;
  /** or "@ethereumjs/vm", where that one says something else than all engines */
  readonly tier: string;
  readonly kind: Kind;
  readonly hardfork: string;
  /** the transaction's gas limit */
  readonly gas: bigint;
  readonly text: string;
}

export interface Count {
  /** transactions; a program may be run with several gas limits */
  transactions: number;
  /** executed on the reference and compared */
  opcodes: number;
}

export interface TierEngine {
  readonly tier: TierChoice;
  readonly engine: FastEngine;
}

export function tierEngines(tiers: readonly TierChoice[] = ALL_TIERS): readonly TierEngine[] {
  const fallback: Engine = new EthereumjsEngine();
  return tiers.map((tier) => ({ tier, engine: createFastEngine(fallback, tier) }));
}

export class Campaign {
  readonly differences: Difference[] = [];
  readonly byKind = new Map<string, Count>();
  readonly byHardfork = new Map<string, Count>();
  readonly total: Count = { transactions: 0, opcodes: 0 };
  /** transactions that no engine saw, because they are invalid */
  invalid = 0;
  readonly tiers: readonly TierEngine[];
  readonly #reference = new CountingReference();
  readonly #corpora = new Map<number, readonly Corpus[]>();
  #samples: readonly PrecompileSample[] | null = null;

  constructor(tiers: readonly TierEngine[] = tierEngines()) {
    this.tiers = tiers;
  }

  /** times that each opcode was executed on the reference */
  get opcodeCounts(): Float64Array {
    return this.#reference.counts;
  }

  /** @param goOn false ends the slice before its next program */
  async run(slice: Slice, goOn: () => boolean = () => true): Promise<void> {
    for (const index of indicesOf(slice)) {
      if (!goOn()) {
        return;
      }
      const program = await this.program(slice.seed, index);
      if ("transactions" in program) {
        await this.#compareBlock(slice.seed, index, program);
      } else {
        await this.#compare(slice.seed, index, program);
      }
    }
  }

  async program(seed: number, index: number): Promise<Program | BlockProgram> {
    const kind = kindOf(index);
    const random = new Random(seed, index);
    if (kind === "mutated") {
      return mutatedProgram(random, await this.#corporaOf(seed));
    }
    if (kind === "operands") {
      return operandProgram(random);
    }
    this.#samples ??= await precompileSamples();
    switch (kind) {
      case "setCode":
        return withBlobs(random, setCodeProgram(random, this.#samples));
      case "amsterdam":
        return withBlobs(random, amsterdamProgram(random, this.#samples));
      default:
        return madeUpProgram(kind, random, this.#samples);
    }
  }

  async #corporaOf(seed: number): Promise<readonly Corpus[]> {
    let corpora = this.#corpora.get(seed);
    if (corpora === undefined) {
      corpora = await readCorpora(new Random(seed), BLOCKS_PER_SLICE);
      this.#corpora.clear();
      this.#corpora.set(seed, corpora);
    }
    return corpora;
  }

  /** The program as it is; one that used gas is also run with less, so that gas ends anywhere in it. */
  async #compare(seed: number, index: number, program: Program): Promise<void> {
    const expected = await this.#compareOnce(seed, index, program, program.scene);
    if (!expected.ok) {
      this.invalid++;
      return;
    }
    const { intrinsicGas, gasBeforeRefund } = expected.outcome;
    const random = new Random(seed, index, 1);
    const inner = Number(gasBeforeRefund - intrinsicGas);
    if (inner <= 0) {
      return;
    }
    const cuts = random.once(3) ? [1, 1 + random.below(inner), 1 + random.below(inner)] : [];
    for (const cut of cuts) {
      const gasLimit = gasBeforeRefund - BigInt(cut);
      const { scene } = program;
      await this.#compareOnce(seed, index, program, {
        ...scene,
        transaction: { ...scene.transaction, gasLimit },
      });
    }
  }

  async #compareOnce(
    seed: number,
    index: number,
    { kind, hardfork }: Program,
    scene: Scene,
  ): Promise<TransactionExecution> {
    const before = this.#reference.total;
    const expected = await runOn(this.#reference, scene);
    const opcodes = this.#reference.total - before;
    const gas = scene.transaction.gasLimit;
    for (const { tier, engine } of this.tiers) {
      const text = differenceOf(expected, await runOn(engine, scene));
      if (text !== null) {
        this.differences.push({ seed, index, tier, kind, hardfork, gas, text });
      }
    }
    this.#count(kind, hardfork, 1, opcodes);
    return expected;
  }

  /** The block as it is; some also with less gas for the last transaction, so that gas ends anywhere in it. */
  async #compareBlock(seed: number, index: number, program: BlockProgram): Promise<void> {
    const before = this.#reference.total;
    // All tiers hand an experimental hardfork to the reference: one of them shows it.
    const tiers = isExperimental(program.hardfork) ? this.tiers.slice(0, 1) : this.tiers;
    const whole = await compareDrafts(this.#reference, tiers, program);
    const found = [...whole.differences];
    let ran = whole.outcomes.length;
    this.invalid += whole.isComplete ? 0 : 1;
    const random = new Random(seed, index, 1);
    const [last, outcome] = [whole.transactions.at(-1), whole.outcomes.at(-1)];
    if (
      last !== undefined &&
      outcome !== undefined &&
      random.once(program.cutsOften === true ? 1 : 3)
    ) {
      const { gasBeforeRefund, intrinsicGas } = outcome;
      const inner = Number(gasBeforeRefund - intrinsicGas);
      if (inner > 0) {
        const gasLimit = gasBeforeRefund - BigInt(1 + random.below(inner));
        const transactions = [...whole.transactions.slice(0, -1), { ...last, gasLimit }];
        const cut = await compareBlock(this.#reference, tiers, program, transactions);
        found.push(...cut.differences);
        ran += cut.outcomes.length;
      }
    }
    const { kind, hardfork } = program;
    this.differences.push(...found.map((one) => ({ seed, index, kind, hardfork, ...one })));
    this.#count(kind, hardfork, ran, this.#reference.total - before);
  }

  #count(kind: Kind, hardfork: string, transactions: number, opcodes: number): void {
    for (const count of [this.total, of(this.byKind, kind), of(this.byHardfork, hardfork)]) {
      count.transactions += transactions;
      count.opcodes += opcodes;
    }
  }
}

function indicesOf({ programs, only, kinds }: Slice): readonly number[] {
  if (only !== undefined) {
    return [only];
  }
  return FAMILIES.flatMap((family) => {
    const count = kinds === undefined ? Math.ceil(programs * family.share) : programs;
    const indices = Array.from({ length: count }, (_, index) => family.first + index);
    return indices.filter((index) => kinds?.includes(kindOf(index)) !== false);
  });
}

function kindOf(index: number): Kind {
  const family = FAMILIES.findLast(({ first }) => index >= first);
  const kind = family?.kinds[(index - family.first) % family.kinds.length];
  if (kind === undefined) {
    throw new RangeError(`expected the index of a program, got ${index}`);
  }
  return kind;
}

function of(counts: Map<string, Count>, key: string): Count {
  const count = counts.get(key) ?? { transactions: 0, opcodes: 0 };
  counts.set(key, count);
  return count;
}

/** What was run and what was found, as text; names how to run each difference again. */
export function report(campaign: Campaign): string {
  const { total, byKind, byHardfork, differences, tiers, invalid } = campaign;
  const rows = (counts: ReadonlyMap<string, Count>): string[] =>
    [...counts].map(([name, { transactions, opcodes }]) => line(name, transactions, opcodes));
  const never = NAMED.filter((opcode) => campaign.opcodeCounts[opcode] === 0);
  return [
    line("all", total.transactions, total.opcodes),
    ...rows(byKind),
    ...rows(byHardfork),
    `tiers, each of which ran all of it: ${tiers.map(({ tier }) => tier).join(", ")}`,
    ...tiers.map(
      ({ tier, engine: { tierCounters, fallbacks } }) =>
        `  ${tier}: ${tierCounters.compiled} codes compiled, entered ${tierCounters.entered} times, ${[...fallbacks.values()].reduce((sum, count) => sum + count, 0)} messages to the reference`,
    ),
    `invalid transactions: ${invalid}`,
    `opcodes never executed: ${never.length === 0 ? "none" : never.map((opcode) => `0x${opcode.toString(16)}`).join(" ")}`,
    `differences: ${differences.length}`,
    ...differences.map(
      ({ seed, index, tier, kind, hardfork, gas, text }) =>
        `\nseed ${seed}, program ${index} (${kind}, ${hardfork}, ${gas} gas), ${tier}: ${text}\nagain: HHP_FUZZ_SEED=${seed} HHP_FUZZ_PROGRAM=${index} npx mocha test/properties/engine-fuzz.test.ts`,
    ),
  ].join("\n");
}

/** Opcodes that some supported hardfork has. */
const NAMED: readonly number[] = [
  ...Array.from({ length: 0x0c }, (_, index) => index),
  ...Array.from({ length: 0x0f }, (_, index) => 0x10 + index),
  0x20,
  ...Array.from({ length: 0x1b }, (_, index) => 0x30 + index),
  ...Array.from({ length: 0x10 }, (_, index) => 0x50 + index),
  ...Array.from({ length: 0x40 }, (_, index) => 0x60 + index),
  ...[0x4b, 0xe6, 0xe7, 0xe8],
  ...[0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xfa, 0xfd, 0xff],
];

function line(name: string, transactions: number, opcodes: number): string {
  return `${name.padEnd(20)} ${String(transactions).padStart(9)} transactions ${opcodes.toLocaleString("en").padStart(15)} opcodes`;
}
