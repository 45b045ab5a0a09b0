/**
 * A scenario in the report: with how many users it ran, and how the critical path grew.
 *
 * Owns: its shape, and that executed exponents take the place of those from footprints. Does not own:
 * the fit (analysis/sweep.ts).
 */
import type { BlockRecord } from "../access-log/block-record";
import type { Naming } from "../analysis/slot-name";
import { measureSweep, type Sweep, type SweepOptions } from "../analysis/sweep";
import { WorkloadBuilder } from "../analysis/workload-builder";
import { rounded, roundedOrNull } from "./numbers";
import type { ContractReport, FunctionReference } from "./report";

/** What is known of a scenario before its log is read. */
export interface ScenarioInput {
  readonly name: string;
  readonly seed: number;
  /** ascending by users; the blocks of each run's load are recorded under its section */
  readonly runs: readonly { readonly users: number; readonly section: string }[];
}

/** One run of the scenario. */
export interface ScenarioPointReport {
  readonly users: number;
  readonly transactions: number;
  readonly failed: number;
  /** T1, gas */
  readonly gas: number;
  /** CP, gas, if all were one block */
  readonly criticalPath: number;
  /** S_p on the report's lanes */
  readonly speedUp: number;
  readonly parallelism: number | null;
}

export interface ScenarioFunctionReport extends FunctionReference {
  /** null unless it was called in two runs, different numbers of times */
  readonly alpha: number | null;
}

export interface ScenarioReport {
  readonly name: string;
  /** of the largest run */
  readonly users: number;
  readonly seed: number;
  /** ascending by users */
  readonly sweep: readonly ScenarioPointReport[];
  /** α of all transactions; null if it ran with one number of users only */
  readonly alpha: number | null;
  readonly functions: readonly ScenarioFunctionReport[];
}

/** Collects the blocks of a scenario's runs while its log is read. */
export class ScenarioBlocks {
  readonly #input: ScenarioInput;
  readonly #builders: ReadonlyMap<string, WorkloadBuilder>;

  constructor(input: ScenarioInput) {
    this.#input = input;
    this.#builders = new Map(input.runs.map(({ section }) => [section, new WorkloadBuilder()]));
  }

  /** Takes a block; true if it belongs to the largest run, which the rest of the report is about. */
  add(block: BlockRecord): boolean {
    this.#builders.get(block.section ?? "")?.add(block);
    return block.section === this.#input.runs.at(-1)?.section;
  }

  report(naming: Naming, options: SweepOptions): ScenarioReport {
    const { name, seed, runs } = this.#input;
    const sweep = measureSweep(
      runs.flatMap(({ users, section }) => {
        const workload = this.#builders.get(section)?.workload();
        return workload === undefined ? [] : [{ users, workload }];
      }),
      naming,
      options,
    );
    return { name, seed, users: runs.at(-1)?.users ?? 0, ...sweepReport(sweep) };
  }
}

function sweepReport({
  points,
  alpha,
  functions,
}: Sweep): Pick<ScenarioReport, "sweep" | "alpha" | "functions"> {
  return {
    sweep: points.map((point) => ({
      ...point,
      speedUp: rounded(point.speedUp),
      parallelism: roundedOrNull(point.parallelism),
    })),
    alpha: roundedOrNull(alpha),
    functions: functions.map(({ name: { contract, signature }, alpha: own }) => ({
      contract,
      signature,
      alpha: roundedOrNull(own),
    })),
  };
}

/** The rows with the exponents that were executed, where there are some. */
export function withExecutedExponents(
  contracts: readonly ContractReport[],
  { functions }: ScenarioReport,
): ContractReport[] {
  const exponents = new Map(
    functions.map(({ contract, signature, alpha }) => [`${contract}\n${signature}`, alpha]),
  );
  return contracts.map((contract) => ({
    ...contract,
    functions: contract.functions.map((row) => {
      const alpha = exponents.get(`${contract.name}\n${row.signature}`) ?? null;
      return alpha === null ? row : { ...row, alpha, alphaBasis: "execution" };
    }),
  }));
}
