/**
 * The edge where our errors become Hardhat's: the CLI prints a HardhatPluginError as one clear
 * message and exits with 1, and anything else as "unexpected", with a stack trace.
 */
import { HardhatPluginError } from "hardhat/plugins";
import { isParallelError } from "../errors/base-error";

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
    throw translate(error);
  }
}
