/**
 * The `parallel` key of the Hardhat config: as users write it, and resolved.
 *
 * Owns: names, defaults, validation, and the environment's veto (`PARALLEL=0`). Does not own: what
 * the options do, the report's (report-config.ts).
 */
import { availableParallelism } from "node:os";
import { DEFAULT_ENGINE, type EngineName } from "../execution/engine/engine-name";
import { boolean, fail, integer, section } from "./config-values";
import {
  type ParallelReportConfig,
  type ParallelReportUserConfig,
  resolveReportConfig,
} from "./report-config";

/** `parallel` in hardhat.config. Everything is optional. */
export interface ParallelUserConfig {
  /** Default true. `false`, or `PARALLEL=0` in the environment, gives the stock network back. */
  readonly enabled?: boolean;
  /** Worker threads for a block; 1 to 64. Default: the CPUs this process may use, at most 8. */
  readonly workers?: number;
  /** Blocks with fewer transactions run in the calling thread; at least 1. Default: 16. */
  readonly minTransactionsForThreads?: number;
  /**
   * What runs transactions: `"fast"` is a synchronous engine, `"ethereumjs"` the reference that it is
   * held equal to. Default `"fast"`.
   */
  readonly engine?: EngineChoice;
  /**
   * Run every block on the sequential executor as well and compare; with `engine: "fast"`, also every
   * transaction and call on the reference engine. Default false; the report task always compares blocks.
   */
  readonly verify?: boolean;
  /**
   * On a fork: ask the remote ahead for what transactions and calls will probably read. Default true;
   * `false` asks for what they do read, when they read it.
   */
  readonly prefetch?: boolean;
  readonly report?: ParallelReportUserConfig;
}

/** `parallel` of the resolved config (`hre.config.parallel`). */
export interface ParallelConfig {
  readonly enabled: boolean;
  readonly workers: number;
  readonly minTransactionsForThreads: number;
  readonly engine: EngineChoice;
  readonly verify: boolean;
  readonly prefetch: boolean;
  readonly report: ParallelReportConfig;
}

const ENGINES = ["ethereumjs", "fast"] as const;
export type EngineChoice = (typeof ENGINES)[number];

/** The engine that these settings ask for. */
export function engineOf({
  engine,
  verify,
}: Pick<ParallelConfig, "engine" | "verify">): EngineName {
  return engine === "fast" && verify ? "verified" : engine;
}

export const MAX_WORKERS = 64;
const DEFAULT_MAX_WORKERS = 8;
const DEFAULT_MIN_TRANSACTIONS_FOR_THREADS = 16;

function engineChoice(value: unknown): EngineChoice {
  if (value === undefined) {
    return DEFAULT_ENGINE;
  }
  const chosen = ENGINES.find((name) => name === value);
  return chosen ?? fail("parallel.engine", '"ethereumjs" or "fast"', value);
}

/** True if the environment switches the parallel network off. */
export function disabledByEnvironment(environment: NodeJS.ProcessEnv): boolean {
  const value = environment.PARALLEL?.trim().toLowerCase();
  return value === "0" || value === "false";
}

/** Is a report wanted after `hardhat test`? PARALLEL_REPORT in the environment decides over the config. */
export function reportAfterTests(
  { report }: ParallelConfig,
  environment: NodeJS.ProcessEnv,
): boolean {
  const value = (environment.PARALLEL_REPORT ?? "").trim().toLowerCase();
  return value === "" ? report.enabled : value !== "0" && value !== "false";
}

/**
 * Resolves the user's `parallel` key.
 * @throws ParallelError CONFIG_UNKNOWN_KEY, CONFIG_INVALID_VALUE
 */
export function resolveParallelConfig(user: unknown): ParallelConfig {
  const config = section(user, "parallel", [
    "enabled",
    "workers",
    "minTransactionsForThreads",
    "engine",
    "verify",
    "prefetch",
    "report",
  ]);
  return {
    enabled: boolean(config.enabled, "parallel.enabled", true),
    workers:
      config.workers === undefined
        ? Math.min(availableParallelism(), DEFAULT_MAX_WORKERS)
        : integer(config.workers, "parallel.workers", 1, MAX_WORKERS),
    minTransactionsForThreads:
      config.minTransactionsForThreads === undefined
        ? DEFAULT_MIN_TRANSACTIONS_FOR_THREADS
        : integer(
            config.minTransactionsForThreads,
            "parallel.minTransactionsForThreads",
            1,
            Number.MAX_SAFE_INTEGER,
          ),
    engine: engineChoice(config.engine),
    verify: boolean(config.verify, "parallel.verify", false),
    prefetch: boolean(config.prefetch, "parallel.prefetch", true),
    report: resolveReportConfig(config.report),
  };
}
