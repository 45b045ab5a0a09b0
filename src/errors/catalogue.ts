/**
 * Every ParallelError there is: code, one-line template with {tags}, and what to do about it.
 * Codes are stable: tests and users match on them. Numbers: 1xx config and CLI, 2xx execution and
 * workers, 3xx access log files, 4xx analysis and report.
 */
export interface ErrorDescriptor {
  readonly code: string;
  readonly template: string;
  readonly help: string;
}

export const ERRORS = {
  CONFIG_UNKNOWN_KEY: {
    code: "HHP101",
    template: "unknown key {key} in the hardhat config: expected one of {expected}",
    help: "Remove the key or correct its spelling.",
  },
  CONFIG_INVALID_VALUE: {
    code: "HHP102",
    template: "invalid value for {key} in the hardhat config: expected {expected}, got {actual}",
    help: "Correct the value in hardhat.config.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
