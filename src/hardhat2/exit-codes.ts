/**
 * What the process ends with. `hardhat test` ends with the number of failed tests, so that small
 * numbers are taken.
 *
 * Hardhat ends with 1 after every error that a task throws; a listener at the end of the process
 * then puts the error's own code in its place, and who runs the task from a program still gets the
 * error.
 */
import { ERRORS } from "../errors/catalogue";

/** The check found a function that is worse than allowed; the tests passed. */
export const EXIT_CHECK_FAILED = 101;
/** An argument, or a file that was given, cannot be used. */
export const EXIT_BAD_INPUT = 102;
/** A report, a snapshot or a recording could not be written. */
export const EXIT_UNWRITABLE = 103;

const BAD_INPUT: ReadonlySet<string> = new Set(
  [
    ERRORS.TASK_INVALID_ARGUMENT,
    ERRORS.SCRIPT_NOT_FOUND,
    ERRORS.SCENARIO_INVALID,
    ERRORS.SCENARIO_UNKNOWN,
    ERRORS.SCENARIO_NONE,
    ERRORS.SCENARIO_NEEDS_TYPESCRIPT,
    ERRORS.SCENARIO_LOAD,
    ERRORS.SCENARIO_WITHOUT_LOAD,
    ERRORS.RECORDING_DIRECTORY_IN_USE,
    ERRORS.MERGE_NEEDS_RECORDINGS,
    ERRORS.RECORDINGS_DIFFER,
    ERRORS.LOG_FOREIGN,
    ERRORS.LOG_NEWER_FORMAT,
    ERRORS.LOG_TRUNCATED,
    ERRORS.LOG_CORRUPT,
    ERRORS.LOG_UNREADABLE,
    ERRORS.ASSUMPTION_INVALID,
    ERRORS.ASSUMPTION_UNKNOWN_VARIABLE,
    ERRORS.ASSUMPTION_AMBIGUOUS,
    ERRORS.ASSUMPTION_REPEATED,
    ERRORS.LAYOUT_FILE_INVALID,
    ERRORS.SNAPSHOT_INVALID,
    ERRORS.SNAPSHOT_NEWER_VERSION,
    ERRORS.SNAPSHOT_OTHER_WORKLOAD,
    ERRORS.REPORT_UNREADABLE,
    ERRORS.REPORT_FOREIGN,
    ERRORS.REPORT_NEWER_VERSION,
    ERRORS.REPORT_TRUNCATED,
    ERRORS.REPORT_INVALID,
  ].map(({ code }) => code),
);
const UNWRITABLE: ReadonlySet<string> = new Set(
  [ERRORS.REPORT_UNWRITABLE, ERRORS.LOG_UNWRITABLE].map(({ code }) => code),
);

/** The code of a process that ends because of an error of this package. */
export function exitCodeOf(errorCode: string): number {
  return BAD_INPUT.has(errorCode)
    ? EXIT_BAD_INPUT
    : UNWRITABLE.has(errorCode)
      ? EXIT_UNWRITABLE
      : 1;
}

/** If the process ends with 1, it ends with this code instead. */
export function exitInsteadOfOneWith(code: number): void {
  if (code !== 1) {
    process.once("exit", (ending) => {
      if (ending === 1) {
        process.exitCode = code;
      }
    });
  }
}

/** Tests passed, and something else did not: never hides a failure that there is already. */
export function failWith(code: number): void {
  if (process.exitCode === undefined || process.exitCode === 0) {
    process.exitCode = code;
  }
}
