/**
 * What charts and pages need beyond the numbers: the schedule, examples, values, places in the
 * sources. It grows with the run, so it is made only where it is asked for, and the JSON report does
 * not hold it. Each part is near-linear in the run and capped; what a cap left out is counted.
 *
 * Functions, accounts and variables are listed once and meant by their place in the list; -1 means
 * none. Long lists are columns: one array for each field.
 *
 * Owns: the shape and the caps. Does not own: how it is made (details/).
 */
import type { MatrixCause } from "../analysis/pair-cause";
import type { WriteClass } from "../analysis/write-class";
import type { FunctionReference, SlotReference } from "./report";

/** Transactions in the schedule. */
export const MAX_SCHEDULED = 20_000;
/** Pairs of functions with an example. */
export const MAX_PAIRS = 2_000;
/** Places that two transactions of an example share. */
export const MAX_SHARED = 12;
/** Variables with a page. */
export const MAX_VARIABLES = 300;
/** Keys of one variable. */
export const MAX_KEYS = 25;
/** Values of one variable over time. */
export const MAX_VALUES = 200;
/** Lines of sources in all excerpts together. */
export const MAX_SOURCE_LINES = 8_000;
/** Lines of one function. */
export const MAX_FUNCTION_LINES = 120;

export interface ReportDetails {
  readonly functions: readonly FunctionReference[];
  /** labels where there are any, else addresses */
  readonly accounts: readonly string[];
  /** decimal numbers of the blocks that are meant by their place here */
  readonly blocks: readonly string[];
  readonly schedule: ScheduleDetails;
  readonly pairs: readonly PairDetails[];
  /** how many pairs of functions that conflict have no example here */
  readonly pairsLeftOut: number;
  /** the first of `Report.slots`, in their order */
  readonly variables: readonly VariableDetails[];
  readonly code: CodeDetails;
}

/** The windows on the lanes, in order. Windows of one transaction are left out. */
export interface ScheduleDetails {
  readonly lanes: number;
  readonly windows: readonly WindowSchedule[];
  readonly windowsLeftOut: number;
  readonly transactionsLeftOut: number;
  /** full names of what transactions wait on: `Token.balances[0xa11c…]` */
  readonly places: readonly string[];
}

export interface WindowSchedule {
  /** in the run, from 1, windows of one transaction counted too */
  readonly number: number;
  /** T1, CP and T_p of this window, gas */
  readonly gas: number;
  readonly criticalPath: number;
  readonly makespan: number;
  /** places in the window of the transactions of one heaviest chain, ascending */
  readonly critical: readonly number[];
  /** columns: one value for each transaction of the window, in order */
  readonly block: readonly number[];
  readonly transactionIndex: readonly number[];
  readonly account: readonly number[];
  readonly function: readonly number[];
  /** gas */
  readonly weight: readonly number[];
  readonly failed: readonly (0 | 1)[];
  readonly lane: readonly number[];
  /** gas from the window's start */
  readonly start: readonly number[];
  /** place in the window of the dependency that ends last; -1 for none */
  readonly after: readonly number[];
  /** what makes that dependency, in `places` */
  readonly on: readonly number[];
}

export interface CallDetails {
  readonly block: number;
  readonly transactionIndex: number;
  readonly account: number;
  readonly function: number;
}

/** How one of two transactions uses a place: values are 32-byte words in hex, before and after it. */
export interface UseDetails {
  readonly read: boolean;
  readonly write: boolean;
  readonly before?: string;
  readonly after?: string;
}

export interface SharedPlaceDetails extends SlotReference {
  /** `balances[0xa11c…]` */
  readonly label: string;
  readonly cause: MatrixCause;
  readonly uses: readonly [UseDetails, UseDetails];
}

/** Two transactions that stand for two functions that conflict. */
export interface PairDetails {
  /** as in `Report.matrix` */
  readonly functions: readonly [number, number];
  /** in their order in the run */
  readonly calls: readonly [CallDetails, CallDetails];
  readonly places: readonly SharedPlaceDetails[];
  readonly placesLeftOut: number;
}

export interface FunctionUse {
  readonly function: number;
  /** calls that read it, and that wrote it, with their own code */
  readonly reads: number;
  readonly writes: number;
  /** writes by class; zeros for what is no storage */
  readonly classes: Readonly<Record<WriteClass, number>>;
}

export interface KeyUse {
  /** `balances[0xa11c…]` */
  readonly label: string;
  /** transactions */
  readonly readers: number;
  readonly writers: number;
  /** dependencies on it */
  readonly waits: number;
}

/** A member of a slot, by its bytes from the right end. */
export interface ValuePart {
  readonly label: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Values of the place most waited on, after each transaction that wrote it. */
export interface ValueSeries {
  readonly label: string;
  readonly parts: readonly ValuePart[];
  /** all writes; of more than MAX_VALUES evenly spread ones are given */
  readonly writes: number;
  /** before the first write */
  readonly first: string;
  readonly block: readonly number[];
  readonly transactionIndex: readonly number[];
  readonly function: readonly number[];
  /** 32-byte words, hex without leading zeros */
  readonly value: readonly string[];
}

export interface VariableDetails extends SlotReference {
  readonly uses: readonly FunctionUse[];
  /** most waited on first */
  readonly keys: readonly KeyUse[];
  readonly keysLeftOut: number;
  /** null for what is no storage or was never written */
  readonly values: ValueSeries | null;
}

/** A line of a source that touches a variable of `variables`. */
export interface LineUse {
  readonly file: string;
  readonly line: number;
  readonly variable: number;
  readonly reads: number;
  readonly writes: number;
}

export interface FunctionCode {
  readonly function: number;
  /** where it is defined; null if that is not known */
  readonly place: { readonly file: string; readonly from: number; readonly to: number } | null;
  /** what its own code does, most transactions first */
  readonly lines: readonly LineUse[];
}

export interface CodeDetails {
  readonly functions: readonly FunctionCode[];
  /** by file and line, without overlaps */
  readonly excerpts: readonly {
    readonly file: string;
    readonly from: number;
    readonly lines: readonly string[];
  }[];
  readonly linesLeftOut: number;
}
