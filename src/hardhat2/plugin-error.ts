/**
 * The edge where our errors become Hardhat's: the CLI prints a HardhatPluginError as one clear
 * message and exits, and anything else as "unexpected", with a stack trace.
 */
import { HardhatPluginError } from "hardhat/plugins";
import { isParallelError } from "../errors/base-error";
import { exitCodeOf, exitInsteadOfOneWith } from "./exit-codes";

function translate(error: unknown): unknown {
  return isParallelError(error)
    ? new HardhatPluginError("hardhat-parallel", error.message, error)
    : error;
}

/** Runs a synchronous callback of Hardhat. */
export function asPluginError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw translate(error);
  }
}

/** Runs an asynchronous task of Hardhat. */
export async function withPluginErrors<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (isParallelError(error)) {
      exitInsteadOfOneWith(exitCodeOf(error.code));
    }
    throw translate(error);
  }
}
