/**
 * npm run bench [-- --rounds 5 --only transfers,keccak --peers default-1,default-2,anvil --json FILE]
 *
 * Whole blocks of 500 transactions, and mainnet blocks, on every peer (docs/benchmarks.md says what is
 * measured and how to read it). Exit code 1 if a goal is missed.
 */
import { existsSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readRealBlock } from "../test/helpers/real-block";
import { judge, printGoals } from "./goals";
import { HostedPeer } from "./hosted-peer";
import { ANVIL, HARDHAT_2, PEERS, type PeerEntry, peerEntry } from "./peer-list";
import { withPlanFile } from "./plan-file";
import { noRealBlocks, REAL_BLOCKS, realBlockNumbers } from "./real-blocks";
import { type Measurement, measure, type PeerHost, type WorkloadResult } from "./rounds";
import { printSummary, printTable, type Row, rowsOf } from "./tables";
import { makePlan, TRANSACTIONS, WORKLOAD_NAMES, WORKLOADS, type WorkloadName } from "./workload";

/** Beside the project, never in it. */
const REAL_BLOCKS_FOLDER = join(__dirname, "..", "..", "shared", "blocks");
const HEAVY: ReadonlySet<string> = new Set<WorkloadName>(["keccak", "arithmetic"]);

type Shared = Pick<Measurement, "rounds" | "progress">;

/** What the command line asks for. Throws where it asks for what there is not. */
export function parse(parameters: readonly string[]) {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      rounds: { type: "string", default: "5" },
      only: { type: "string", default: [...WORKLOAD_NAMES, REAL_BLOCKS].join(",") },
      peers: { type: "string", default: PEERS.map(({ id }) => id).join(",") },
      json: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: expected a whole number of at least 1, got ${values.rounds}`);
  }
  const chosen = values.only.split(",");
  return {
    rounds,
    names: chosen.filter((name) => name !== REAL_BLOCKS).map(workloadName),
    withRealBlocks: chosen.includes(REAL_BLOCKS),
    entries: values.peers.split(",").map(peerEntry),
    /** file */
    json: values.json,
  };
}

/** Does what the command line asks for, on peers of this host. */
export async function bench(
  parameters: readonly string[],
  host: PeerHost = HostedPeer,
): Promise<void> {
  const { rounds, names, withRealBlocks, entries, json } = parse(parameters);
  const progress = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const shared: Shared = { rounds, progress };
  const tables: { readonly workload: string; readonly rows: readonly Row[] }[] = [];
  const results: WorkloadResult[] = [];
  const show = (result: WorkloadResult, description: string): void => {
    const rows = rowsOf(result);
    printTable(result, description, rows);
    tables.push({ workload: result.workload, rows });
    results.push(result);
  };

  if (names.length > 0) {
    progress("signing transactions …");
    await withPlanFile(makePlan({ workloads: names }), async (source) => {
      for (const workload of names) {
        const measurement: Measurement = {
          ...shared,
          workload,
          transactions: TRANSACTIONS,
          heavy: HEAVY.has(workload),
          source,
          entries,
          leftOut: [],
        };
        const result = await measure(measurement, host);
        show(result, WORKLOADS[workload]);
      }
    });
  }
  if (withRealBlocks) {
    const result = await measureRealBlocks(shared, entries, host);
    if (result === null) {
      process.stdout.write(`\n${REAL_BLOCKS}: left out: no blocks in ${REAL_BLOCKS_FOLDER}\n`);
    } else {
      show(result, "mainnet blocks on executors: execution, receipts and roots, no JSON-RPC");
    }
  }
  printSummary(tables, HARDHAT_2);
  printSummary(tables, ANVIL);
  const goals = judge(results);
  printGoals(goals);
  if (json !== undefined) {
    const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
    const text = JSON.stringify(
      { rounds, machine, tables, results, goals },
      (_, value) => (typeof value === "bigint" ? String(value) : value),
      2,
    );
    writeFileSync(json, `${text}\n`);
  }
  process.exitCode = goals.every(({ reached }) => reached !== false) ? 0 : 1;
}

function workloadName(name: string): WorkloadName {
  const known = WORKLOAD_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new Error(
      `--only: no workload "${name}": expected ${[...WORKLOAD_NAMES, REAL_BLOCKS].join(", ")}`,
    );
  }
  return known;
}

/** null = the blocks are not there */
async function measureRealBlocks(
  shared: Shared,
  entries: readonly PeerEntry[],
  host: PeerHost,
): Promise<WorkloadResult | null> {
  if (!existsSync(REAL_BLOCKS_FOLDER)) {
    return null;
  }
  const transactions = realBlockNumbers(REAL_BLOCKS_FOLDER).reduce(
    (sum, number) => sum + readRealBlock(REAL_BLOCKS_FOLDER, number).input.transactions.length,
    0,
  );
  const measurement: Measurement = {
    ...shared,
    workload: REAL_BLOCKS,
    transactions,
    heavy: true,
    source: REAL_BLOCKS_FOLDER,
    entries: entries.filter((entry) => noRealBlocks(entry) === null),
    leftOut: entries.flatMap((entry) => {
      const reason = noRealBlocks(entry);
      return reason === null ? [] : [{ name: entry.name, reason }];
    }),
  };
  return measure(measurement, host);
}

if (require.main === module) {
  bench(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
