/**
 * The `parallel` key of the Hardhat config: as users write it, and resolved.
 *
 * Owns: names, defaults, validation, and the environment's veto (`PARALLEL=0`). Does not own: what
 * the options do.
 */
import { availableParallelism } from "node:os";
import type { SlotHook } from "../analysis/naming/slot-hook";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { DEFAULT_ENGINE } from "../execution/engine/engine-name";

export interface ParallelReportUserConfig {
  /**
   * How recorded transactions are grouped: `"mined"` keeps the blocks as they were mined; a number
   * puts that many consecutive transactions into one window. Default: 64, because tests send one
   * transaction per block.
   */
  readonly window?: "mined" | number;
  /** Write the report as JSON to this file as well; relative to the project root. */
  readonly json?: string;
  /**
   * Storage layouts of contracts that solc does not describe: files that `vyper -f combined_json` or
   * `vyper -f layout` writes, or EIP-8317 descriptors; relative to the project root. A file that does
   * not name its contract is called like it: `Vault.json`.
   */
  readonly layoutFiles?: readonly string[];
  /** Names slots that have no name otherwise; null or undefined for those it does not know. */
  readonly slotResolver?: SlotHook;
}

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
  readonly report?: ParallelReportUserConfig;
}

export interface ParallelReportConfig {
  readonly window: "mined" | number;
  readonly json: string | null;
  /** relative to the project root */
  readonly layoutFiles: readonly string[];
  readonly slotResolver: SlotHook | null;
}

/** `parallel` of the resolved config (`hre.config.parallel`). */
export interface ParallelConfig {
  readonly enabled: boolean;
  readonly workers: number;
  readonly minTransactionsForThreads: number;
  readonly engine: EngineChoice;
  readonly verify: boolean;
  readonly report: ParallelReportConfig;
}

const ENGINES = ["ethereumjs", "fast"] as const;
export type EngineChoice = (typeof ENGINES)[number];

export const DEFAULT_WINDOW = 64;
export const MAX_WORKERS = 64;
const DEFAULT_MAX_WORKERS = 8;
const DEFAULT_MIN_TRANSACTIONS_FOR_THREADS = 16;

/** Shown for a wrong value: short, and with the type visible (`"8"` is not 8). */
export function describeValue(value: unknown): string {
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "number") {
    return typeof value === "number" ? String(value) : `a ${typeof value}`;
  }
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function fail(key: string, expected: string, actual: unknown): never {
  throw new ParallelError(ERRORS.CONFIG_INVALID_VALUE, {
    key,
    expected,
    actual: describeValue(actual),
  });
}

function section(value: unknown, key: string, known: readonly string[]): Record<string, unknown> {
  if (value === undefined) {
    return {};
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail(key, "an object", value);
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new ParallelError(ERRORS.CONFIG_UNKNOWN_KEY, {
        key: `${key}.${name}`,
        expected: known.join(", "),
      });
    }
  }
  return { ...value };
}

function boolean(value: unknown, key: string, fallback: boolean): boolean {
  if (value === undefined) {
    return fallback;
  }
  return typeof value === "boolean" ? value : fail(key, "true or false", value);
}

/** Validates an integer option in [min, max]; also used for the report task's flags. */
export function integer(value: unknown, key: string, min: number, max: number): number {
  const expected =
    max === Number.MAX_SAFE_INTEGER
      ? `an integer of at least ${min}`
      : `an integer from ${min} to ${max}`;
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    fail(key, expected, value);
  }
  return value;
}

/** Validates the grouping of transactions: `"mined"` or a window size. */
export function windowSize(value: unknown, key: string): "mined" | number {
  if (value === "mined") {
    return value;
  }
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
    fail(key, '"mined" or an integer of at least 1', value);
  }
  return value;
}

function paths(value: unknown, key: string): readonly string[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value) || !value.every((path) => typeof path === "string" && path !== "")) {
    fail(key, "a list of paths of files", value);
  }
  return [...value];
}

function slotHook(value: unknown, key: string): SlotHook | null {
  if (value === undefined) {
    return null;
  }
  // what the function gives is checked when it is asked
  return typeof value === "function" ? (value as SlotHook) : fail(key, "a function", value);
}

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
    "report",
  ]);
  const report = section(config.report, "parallel.report", [
    "window",
    "json",
    "layoutFiles",
    "slotResolver",
  ]);
  if (report.json !== undefined && (typeof report.json !== "string" || report.json === "")) {
    fail("parallel.report.json", "the path of a file", report.json);
  }
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
    report: {
      window:
        report.window === undefined
          ? DEFAULT_WINDOW
          : windowSize(report.window, "parallel.report.window"),
      json: typeof report.json === "string" ? report.json : null,
      layoutFiles: paths(report.layoutFiles, "parallel.report.layoutFiles"),
      slotResolver: slotHook(report.slotResolver, "parallel.report.slotResolver"),
    },
  };
}
