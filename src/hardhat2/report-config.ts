/**
 * `parallel.report` in the Hardhat config: as users write it, and resolved.
 *
 * Owns: names, defaults and validation of its options. Does not own: what they do.
 */
import type { SlotHook } from "../analysis/naming/slot-hook";
import type { CheckRules, Thresholds } from "../report/check";
import type { AcceptedSlot, ReportFilters } from "../report/filters";
import {
  boolean,
  fail,
  integer,
  numberWithin,
  optionalPath,
  section,
  textList,
  windowSize,
} from "./config-values";

export interface ParallelReportUserConfig {
  /**
   * Make the report after every `hardhat test`. Default false. PARALLEL_REPORT=1 or =0 in the
   * environment decides instead.
   */
  readonly enabled?: boolean;
  /**
   * How recorded transactions are grouped: `"mined"` keeps the blocks as they were mined; a number
   * puts that many consecutive transactions into one window. Default: 64, because tests send one
   * transaction per block.
   */
  readonly window?: "mined" | number;
  /** Write the report as JSON to this file as well; relative to the project root. */
  readonly json?: string;
  /** Write the report as one HTML file, which needs no network; relative to the project root. */
  readonly html?: string;
  /** Write the report as Markdown for a pull request to this file; relative to the project root. */
  readonly markdown?: string;
  /** Write fixable findings as SARIF 2.1.0 to this file; relative to the project root. */
  readonly sarif?: string;
  /**
   * Storage layouts of contracts that solc does not describe: files that `vyper -f combined_json` or
   * `vyper -f layout` writes, or EIP-8317 descriptors; relative to the project root. A file that does
   * not name its contract is called like it: `Vault.json`.
   */
  readonly layoutFiles?: readonly string[];
  /** Names slots that have no name otherwise; null or undefined for those it does not know. */
  readonly slotResolver?: SlotHook;
  /** Fail if a function is worse than the baseline or a threshold allows. Default false; `--check`. */
  readonly check?: boolean;
  /** The baseline; relative to the project root. Default `.parallel-snapshot`. */
  readonly baseline?: string;
  /** Limits that hold with and without a baseline, for every function. */
  readonly thresholds?: {
    /** least parallelism, 0 to 1 */
    readonly P?: number;
    /** largest scaling exponent, 0 to 1 */
    readonly alpha?: number;
    /** least speed-up on the report's lanes */
    readonly S?: number;
    /** how many variables may a function wait on that it does not wait on in the baseline */
    readonly newHotSlots?: number;
  };
  /**
   * How much worse than the baseline is no regression: in P and α (`absolute`) and as a share of the
   * baseline's value (`relative`); what stays within either is none. One number stands for both.
   * Default 0.05.
   */
  readonly tolerance?: number | { readonly absolute?: number; readonly relative?: number };
  /** Functions with fewer comparable calls are neither checked nor in the baseline. Default 8. */
  readonly minCalls?: number;
  /** Functions whose comparable calls used less gas are neither checked nor in the baseline. Default 0. */
  readonly minGas?: number;
  /** Only these contracts, by name or fully qualified name; `*` stands for any characters. */
  readonly includeContracts?: readonly string[];
  /** Not these contracts. */
  readonly excludeContracts?: readonly string[];
  /** Not these functions: `Token.mint`, or `Token.mint(address,uint256)` for one overload. */
  readonly excludeFunctions?: readonly string[];
  /** Variables that are known and accepted to be waited on: no finding and no failed check about them. */
  readonly excludeSlots?: readonly {
    /** as the report prints it: `Pair.reserve0` */
    readonly slot: string;
    readonly reason: string;
  }[];
}

/** `parallel.report` of the resolved config. Paths are relative to the project root. */
export interface ParallelReportConfig {
  readonly enabled: boolean;
  readonly window: "mined" | number;
  readonly json: string | null;
  readonly html: string | null;
  readonly markdown: string | null;
  readonly sarif: string | null;
  readonly layoutFiles: readonly string[];
  readonly slotResolver: SlotHook | null;
  readonly check: boolean;
  readonly baseline: string;
  readonly rules: CheckRules;
  readonly filters: ReportFilters;
}

const KEYS = [
  "enabled",
  "window",
  "json",
  "html",
  "markdown",
  "sarif",
  "layoutFiles",
  "slotResolver",
  "check",
  "baseline",
  "thresholds",
  "tolerance",
  "minCalls",
  "minGas",
  "includeContracts",
  "excludeContracts",
  "excludeFunctions",
  "excludeSlots",
];

export const DEFAULT_WINDOW = 64;
export const DEFAULT_BASELINE = ".parallel-snapshot";
const DEFAULT_TOLERANCE = 0.05;
const DEFAULT_MIN_CALLS = 8;

/** Throws ParallelError CONFIG_UNKNOWN_KEY, CONFIG_INVALID_VALUE. */
export function resolveReportConfig(user: unknown): ParallelReportConfig {
  const key = (name: string) => `parallel.report.${name}`;
  const report = section(user, "parallel.report", KEYS);
  const path = (name: string) => optionalPath(report[name], key(name));
  const names = (name: string) => textList(report[name], key(name), "a list of names");
  return {
    enabled: boolean(report.enabled, key("enabled"), false),
    window: report.window === undefined ? DEFAULT_WINDOW : windowSize(report.window, key("window")),
    json: path("json"),
    html: path("html"),
    markdown: path("markdown"),
    sarif: path("sarif"),
    layoutFiles: textList(report.layoutFiles, key("layoutFiles"), "a list of paths of files"),
    slotResolver: slotHook(report.slotResolver, key("slotResolver")),
    check: boolean(report.check, key("check"), false),
    baseline: path("baseline") ?? DEFAULT_BASELINE,
    rules: {
      thresholds: thresholds(report.thresholds, key("thresholds")),
      tolerance: tolerance(report.tolerance, key("tolerance")),
      minCalls: atLeast(report.minCalls, key("minCalls"), 1, DEFAULT_MIN_CALLS),
      minGas: atLeast(report.minGas, key("minGas"), 0, 0),
    },
    filters: {
      includeContracts: names("includeContracts"),
      excludeContracts: names("excludeContracts"),
      excludeFunctions: names("excludeFunctions"),
      excludeSlots: acceptedSlots(report.excludeSlots, key("excludeSlots")),
    },
  };
}

function slotHook(value: unknown, key: string): SlotHook | null {
  if (value === undefined) {
    return null;
  }
  // what the function gives is checked when it is asked
  return typeof value === "function" ? (value as SlotHook) : fail(key, "a function", value);
}

function atLeast(value: unknown, key: string, min: number, fallback: number): number {
  return value === undefined ? fallback : integer(value, key, min, Number.MAX_SAFE_INTEGER);
}

function thresholds(value: unknown, key: string): Thresholds {
  const given = section(value, key, ["P", "alpha", "S", "newHotSlots"]);
  const limit = (name: string, min: number, max: number): number | null =>
    given[name] === undefined ? null : numberWithin(given[name], `${key}.${name}`, min, max);
  const { newHotSlots } = given;
  return {
    P: limit("P", 0, 1),
    alpha: limit("alpha", 0, 1),
    S: limit("S", 1, Number.POSITIVE_INFINITY),
    newHotSlots:
      newHotSlots === undefined
        ? null
        : integer(newHotSlots, `${key}.newHotSlots`, 0, Number.MAX_SAFE_INTEGER),
  };
}

function tolerance(value: unknown, key: string): CheckRules["tolerance"] {
  if (typeof value === "number") {
    const both = numberWithin(value, key, 0, 1);
    return { absolute: both, relative: both };
  }
  const given = section(value, key, ["absolute", "relative"]);
  const part = (name: string): number =>
    given[name] === undefined
      ? DEFAULT_TOLERANCE
      : numberWithin(given[name], `${key}.${name}`, 0, 1);
  return { absolute: part("absolute"), relative: part("relative") };
}

function acceptedSlots(value: unknown, key: string): readonly AcceptedSlot[] {
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value)) {
    fail(key, "a list of { slot, reason }", value);
  }
  return value.map((entry: unknown, index) => {
    const at = `${key}[${index}]`;
    const { slot, reason } = section(entry, at, ["slot", "reason"]);
    if (typeof slot !== "string" || slot === "") {
      fail(`${at}.slot`, "a variable as the report prints it, for example Pair.reserve0", slot);
    }
    if (typeof reason !== "string" || reason.trim() === "") {
      fail(`${at}.reason`, "why the variable is accepted", reason);
    }
    return { slot, reason };
  });
}
