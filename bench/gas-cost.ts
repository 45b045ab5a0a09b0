/**
 * npm run bench:gas -- [--gas 2000000] [--rounds 3] [--tiers interpreter,javascript,webassembly,auto]
 *   [--only text] [--json file]
 *
 * How long each unit of gas takes, in the worst case that we know for each class of opcodes and each
 * precompile: code that does nothing else until its gas is gone. CPU time of the whole process, compilers
 * included, of the best of the rounds (others share the machine). Rounds of the tiers are interleaved.
 *
 * GOAL: none takes more than ten times what the median class of opcodes takes in the interpreter, on any tier:
 * then a block's gas limit bounds its time. (A tier's own median is no measure: compilers leave out what nobody
 * uses, as the loops here.) And hostile code, which makes compilers work in vain, takes no more than one
 * and a half times what the interpreter alone takes. The exit code is 1 if a goal is missed.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { BlockOverlay } from "../src/execution/block-overlay";
import type { Message } from "../src/execution/engine/engine";
import { lateReference } from "../src/execution/engine/engine-choice";
import type { TierChoice } from "../src/execution/engine/fast/compiled/tier-choice";
import { createFastEngine, type FastEngine } from "../src/execution/engine/fast/fast-engine";
import { Precompiles } from "../src/execution/engine/fast/precompiles";
import { PrecompilePending } from "../src/execution/engine/fast/precompiles/precompile";
import { loadKzg } from "../src/execution/engine/kzg";
import { IncarnationView } from "../src/execution/incarnation-view";
import type { Address } from "../src/state/hex";
import type { StateReader } from "../src/state/state-reader";
import { environment, rules } from "../test/helpers/environment";
import { hostileCodes } from "../test/helpers/hostile-codes";
import { MapState } from "../test/helpers/map-state";
import { type GasCase, gasCases } from "./gas-cases";
import { pointEvaluationCosts } from "./point-evaluation-cost";
import { recoverCosts } from "./recover-cost";
import { median } from "./statistics";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const TIERS: readonly TierChoice[] = ["interpreter", "javascript", "webassembly", "auto"];
/** Times the interpreter's median that a class may take. */
const OUTLIER = 10;
/** Times the interpreter's time that hostile code may take with compilers. */
const MOST_BOMB = 1.5;
/** Precompiles are shown here: all tiers run them alike. */
const PRECOMPILE_TIER: TierChoice = "auto";
const POINT_EVALUATION = "point evaluation";
const RECOVER = "ECRECOVER";
/** calls that are measured at least */
const PRECOMPILE_CALLS = 4n;

interface Row {
  readonly name: string;
  readonly isPrecompile: boolean;
  /** ns per gas, by tier */
  readonly ns: Partial<Record<TierChoice, number>>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      gas: { type: "string", default: "2000000" },
      rounds: { type: "string", default: "3" },
      tiers: { type: "string", default: TIERS.join(",") },
      only: { type: "string", default: "" },
      json: { type: "string" },
    },
  });
  await loadKzg();
  const tiers = values.tiers.split(",") as TierChoice[]; // createFastEngine knows them
  const chosen = (await gasCases()).filter(({ name }) => name.includes(values.only));
  const rows: Row[] = [];
  for (const gasCase of chosen) {
    rows.push(await measure(gasCase, tiers, BigInt(values.gas), Number(values.rounds)));
  }
  if (POINT_EVALUATION.includes(values.only) && tiers.includes(PRECOMPILE_TIER)) {
    const costs = await pointEvaluationCosts(Number(values.rounds));
    rows.push(...costs.map((cost) => rowOf(`${POINT_EVALUATION}, ${cost.name}`, cost.nsPerGas)));
  }
  if (RECOVER.includes(values.only) && tiers.includes(PRECOMPILE_TIER)) {
    const costs = recoverCosts(Number(values.rounds));
    rows.push(...costs.map((cost) => rowOf(`${RECOVER} by ${cost.name}`, cost.nsPerGas)));
  }
  const medians = new Map(tiers.map((tier) => [tier, medianOf(rows, tier)]));
  printTable(rows, tiers, medians);
  const bombs = values.only === "" ? await measureBombs(Number(values.rounds)) : [];
  if (values.json !== undefined) {
    const json = { nsPerGas: rows, medians: Object.fromEntries(medians), compileBombs: bombs };
    writeFileSync(values.json, `${JSON.stringify(json, null, 2)}\n`);
  }
}

/** Of a precompile that was called directly. */
function rowOf(name: string, nsPerGas: number): Row {
  return { name, isPrecompile: true, ns: { [PRECOMPILE_TIER]: nsPerGas } };
}

/** Of the opcodes: precompiles are held against it. */
function medianOf(rows: readonly Row[], tier: TierChoice): number {
  const values = rows.flatMap(({ ns, isPrecompile }) => (isPrecompile ? [] : (ns[tier] ?? [])));
  return values.length === 0 ? Number.NaN : median(values);
}

async function measure(
  gasCase: GasCase,
  tiers: readonly TierChoice[],
  gasOfOpcodes: bigint,
  rounds: number,
): Promise<Row> {
  const { name, code, others } = gasCase;
  const state = new MapState({
    [SENDER]: { balance: 10n ** 30n },
    [CONTRACT]: { nonce: 1n, code },
    ...others,
  });
  const gas = await gasFor(gasCase, gasOfOpcodes);
  const isPrecompile = gasCase.precompile !== null;
  const used = isPrecompile ? tiers.filter((tier) => tier === PRECOMPILE_TIER) : tiers;
  const engines = used.map((tier) => ({
    tier,
    engine: createFastEngine(lateReference(), tier),
    best: Number.POSITIVE_INFINITY,
  }));
  for (let round = -2; round < rounds; round++) {
    for (const each of engines) {
      const ns = await run(each.engine, state, gasCase, gas);
      if (round >= 0) {
        each.best = Math.min(each.best, ns);
      }
    }
  }
  return {
    name,
    isPrecompile,
    ns: Object.fromEntries(engines.map(({ tier, best }) => [tier, best])),
  };
}

/** ns of CPU time per gas */
async function run(
  engine: FastEngine,
  state: StateReader,
  { calldata, hardfork }: GasCase,
  gas: bigint,
): Promise<number> {
  const view = new IncarnationView(new BlockOverlay(state), false);
  const message = messageTo(CONTRACT, calldata, gas);
  const block = environment(hardfork, { gasLimit: 2n ** 53n });
  const cpu = process.cpuUsage();
  const { gasUsed, halt } = await engine.run(message, block, view);
  const { user, system } = process.cpuUsage(cpu);
  if (halt?.reason !== "OutOfGas") {
    throw new Error(`the loop ends with ${halt?.reason ?? "success"}, and not because gas is gone`);
  }
  return ((user + system) * 1000) / Number(gasUsed);
}

function messageTo(to: Address, data: Uint8Array, gasLimit: bigint): Message {
  return {
    caller: SENDER,
    to,
    value: 0n,
    data,
    gasLimit,
    gasPrice: 1n,
    origin: SENDER,
    blobVersionedHashes: [`0x01${"ab".repeat(31)}`],
    warmAddresses: [SENDER, to],
    warmSlots: [],
    callerNonce: 0n,
  };
}

/** Enough for what an opcode's case has to show; for some calls of the precompile, and not for very many. */
async function gasFor(
  { precompile, calldata, hardfork, leastGas }: GasCase,
  gas: bigint,
): Promise<bigint> {
  if (precompile === null) {
    return gas < leastGas ? leastGas : gas;
  }
  const address: Address = `0x${precompile.toString(16).padStart(40, "0")}`;
  const precompiles = new Precompiles(rules(hardfork));
  const run = () => precompiles.run(address, calldata, Number.MAX_SAFE_INTEGER);
  let result: ReturnType<typeof run>;
  try {
    result = run();
  } catch (error) {
    if (!(error instanceof PrecompilePending)) {
      throw error;
    }
    await error.ready;
    result = run();
  }
  if (typeof result === "string") {
    throw new Error(`the precompile at ${address} fails: ${result}`);
  }
  const several = BigInt(result.gasUsed) * PRECOMPILE_CALLS;
  return several < gas ? gas : several;
}

function printTable(
  rows: readonly Row[],
  tiers: readonly TierChoice[],
  medians: ReadonlyMap<TierChoice, number>,
): void {
  const cells = (value: number | undefined, most: number): string =>
    value === undefined
      ? "".padStart(14)
      : `${value.toFixed(2)}${value > most ? " !" : "  "}`.padStart(14);
  const most = OUTLIER * (medians.get("interpreter") ?? Number.NaN);
  const line = (name: string, values: readonly string[]): void =>
    console.log(`${name.padEnd(52)}${values.join("")}`);
  line(
    "ns per gas",
    tiers.map((tier) => tier.padStart(14)),
  );
  for (const { name, ns } of rows) {
    line(
      name,
      tiers.map((tier) => cells(ns[tier], most)),
    );
  }
  line(
    "median of opcodes",
    tiers.map((tier) => cells(medians.get(tier), Number.POSITIVE_INFINITY)),
  );
  for (const tier of tiers) {
    const outliers = rows.filter(({ ns }) => (ns[tier] ?? 0) > most);
    const verdict = outliers.length === 0 ? "reached" : `missed by ${outliers.length}`;
    process.exitCode = outliers.length > 0 ? 1 : (process.exitCode ?? 0);
    console.log(`goal, ${tier}: no class above ${most.toFixed(1)} ns: ${verdict}`);
    for (const { name, ns } of outliers) {
      console.log(`  ${name}: ${((ns[tier] ?? 0) / (most / OUTLIER)).toFixed(0)} times the median`);
    }
  }
}

interface Bomb {
  readonly name: string;
  /** CPU time with all tiers by that of the interpreter alone */
  readonly ratio: number;
}

/** Each hostile code in many variants, as many codes would come in blocks, on fresh engines. */
async function measureBombs(rounds: number): Promise<readonly Bomb[]> {
  const bombs: Bomb[] = [];
  let all = [0, 0];
  const block = environment("osaka", { gasLimit: 2n ** 53n });
  for (const { name, codes, calls, gas } of hostileCodes()) {
    const state = new MapState({ [SENDER]: { balance: 10n ** 30n } });
    const addresses = codes.map((code, i): Address => {
      const address: Address = `0xc0de${(i + 1).toString(16).padStart(36, "0")}`;
      state.set(address, { nonce: 1n, code });
      return address;
    });
    const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round++) {
      for (const [place, tier] of (["auto", "interpreter"] as const).entries()) {
        const engine = createFastEngine(lateReference(), tier);
        const cpu = process.cpuUsage();
        for (let call = 0; call < calls; call++) {
          for (const to of addresses) {
            const view = new IncarnationView(new BlockOverlay(state), false);
            await engine.run(messageTo(to, new Uint8Array(0), gas), block, view);
          }
        }
        const { user, system } = process.cpuUsage(cpu);
        best[place] = Math.min(best[place] ?? 0, user + system);
      }
    }
    const [compiled = 0, interpreted = 1] = best;
    all = [(all[0] ?? 0) + compiled, (all[1] ?? 0) + interpreted];
    bombs.push({ name, ratio: compiled / interpreted });
  }
  bombs.push({ name: "all of them", ratio: (all[0] ?? 0) / (all[1] ?? 1) });
  console.log("\nhostile code: time with all tiers by that of the interpreter alone");
  for (const { name, ratio } of bombs) {
    console.log(
      `${name.padEnd(52)}${ratio.toFixed(2).padStart(14)}${ratio > MOST_BOMB ? " !" : ""}`,
    );
  }
  const worst = bombs.filter(({ ratio }) => ratio > MOST_BOMB);
  process.exitCode = worst.length > 0 ? 1 : (process.exitCode ?? 0);
  console.log(
    `goal: at most ${MOST_BOMB} times: ${worst.length === 0 ? "reached" : `missed by ${worst.length}`}`,
  );
  return bombs;
}

void main();
