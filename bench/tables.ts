/** The benchmark's tables: one a workload, and two that sum up. */
import { ANVIL, ETHEREUMJS, HARDHAT_2, OURS_1 } from "./peer-list";
import { REAL_BLOCKS } from "./real-blocks";
import { cpusOf, type Ratio, ratioTo, type WorkloadResult, wallsOf } from "./rounds";
import { median } from "./statistics";

export interface Row {
  readonly id: string;
  readonly name: string;
  /** ms, wall */
  readonly cold: number;
  /** ms */
  readonly wall: number;
  /** ms; null where it cannot be read */
  readonly cpu: number | null;
  readonly transactionsPerSecond: number;
  readonly megagasPerSecond: number;
  /** times as fast as that peer (by id): medians of the rounds' ratios */
  readonly ratios: Readonly<Record<string, Ratio>>;
  /** where our blocks ran; whether it was a part of the block */
  readonly notes: readonly string[];
}

/** By which peers a workload's table divides. */
function bases(workload: string): readonly string[] {
  return workload === REAL_BLOCKS ? [OURS_1, ETHEREUMJS] : [HARDHAT_2, ANVIL];
}

export function rowsOf(result: WorkloadResult): Row[] {
  return result.peers.map((peer): Row => {
    const wall = median(wallsOf(peer));
    const cpu = cpusOf(peer);
    const ratios = bases(result.workload).flatMap((id) => {
      const base = result.peers.find((candidate) => candidate.id === id);
      return base === undefined ? [] : [[id, ratioTo(peer, base)] as const];
    });
    return {
      id: peer.id,
      name: peer.name,
      cold: peer.cold,
      wall,
      cpu: cpu === null ? null : median(cpu),
      transactionsPerSecond: result.transactions / (wall / 1000),
      megagasPerSecond: Number(result.gasUsed) / 1000 / wall,
      ratios: Object.fromEntries(ratios),
      notes: [
        ...new Set(peer.samples.flatMap(({ mode }) => mode ?? [])),
        ...(peer.part === undefined
          ? []
          : [`${peer.part} of the transactions, times ${result.transactions / peer.part}`]),
      ],
    };
  });
}

export function printTable(
  result: WorkloadResult,
  description: string,
  rows: readonly Row[],
): void {
  const { workload, transactions, gasUsed, leftOut } = result;
  process.stdout.write(
    `\n${workload}: ${description}\n${transactions} transactions, ${(Number(gasUsed) / 1e6).toFixed(1)} million gas\n`,
  );
  const against = bases(workload).flatMap((id) => [`wall/${id}`, `CPU/${id}`]);
  const titles = ["cold ms", "wall ms", "CPU ms", "tx/s", "Mgas/s", ...against];
  const width = (title: string): number => Math.max(title.length, 7) + 2;
  process.stdout.write(
    `${"".padEnd(32)}${titles.map((title) => title.padStart(width(title))).join("")}  ran\n`,
  );
  for (const row of rows) {
    const cells = [
      row.cold.toFixed(1),
      row.wall.toFixed(1),
      row.cpu?.toFixed(1) ?? "-",
      row.transactionsPerSecond.toFixed(0),
      row.megagasPerSecond.toFixed(1),
      ...bases(workload).flatMap((id) => [times(row.ratios[id]?.wall), times(row.ratios[id]?.cpu)]),
    ];
    process.stdout.write(
      `${row.name.padEnd(32)}${cells.map((cell, i) => cell.padStart(width(titles[i] ?? ""))).join("")}  ${row.notes.join("; ")}\n`,
    );
  }
  for (const { name, reason } of leftOut) {
    process.stdout.write(`${name}: left out: ${reason}\n`);
  }
}

/** How many times as fast as the base each peer is on each workload, by wall time. */
export function printSummary(
  tables: readonly { readonly workload: string; readonly rows: readonly Row[] }[],
  base: string,
): void {
  const compared = tables.filter(({ rows }) => rows.some((row) => row.ratios[base] !== undefined));
  if (compared.length === 0) {
    return;
  }
  const names = [...new Set(compared.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  process.stdout.write(
    `\nTimes as fast as ${base} (wall; more is faster)\n${"".padEnd(32)}${compared.map(({ workload }) => workload.padStart(12)).join("")}\n`,
  );
  for (const name of names) {
    const cells = compared.map(({ rows }) =>
      times(rows.find((row) => row.name === name)?.ratios[base]?.wall),
    );
    process.stdout.write(`${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join("")}\n`);
  }
}

function times(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? "-" : `${ratio.toFixed(2)}x`;
}
