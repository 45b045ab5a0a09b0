/**
 * The methods that Hardhat 2 answers before its network sees them: four constants, and two whose
 * parameters it checks in its own way.
 *
 * Owns: the checks and their messages. Does not own: what resetting means (rpc-network.ts).
 */
import { ParallelError } from "../../../errors/base-error";
import { ERRORS } from "../../../errors/catalogue";
import { InvalidArgumentsError } from "../../errors/provider-error";
import { isObject } from "../../params/other-values";
import type { Json } from "../../params/place";

export const CONSTANT_ANSWERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["hardhat_getStackTraceFailuresCount", 0],
  ["eth_mining", false],
  ["net_listening", true],
  ["net_peerCount", "0x0"],
]);

/** Throws InvalidArgumentsError, and ParallelError where forking is asked for. */
export function checkReset(params: readonly Json[]): void {
  if (params.length > 1) {
    throw new InvalidArgumentsError(`Expected between 0 and 1 arguments and got ${params.length}`);
  }
  const config = params[0];
  if (config === undefined) {
    return;
  }
  if (!isObject(config)) {
    throw invalid(0, config, "HardhatNetworkConfig | undefined");
  }
  const { forking } = config;
  if (forking === undefined) {
    return;
  }
  const path = "HardhatNetworkConfig | undefined/forking: RpcForkConfig | undefined";
  if (!isObject(forking)) {
    throw invalid(0, forking, path);
  }
  if (typeof forking.jsonRpcUrl !== "string") {
    throw invalid(0, forking.jsonRpcUrl, `${path} | undefined/jsonRpcUrl: string`);
  }
  throw new ParallelError(ERRORS.FORKING_UNSUPPORTED, { url: forking.jsonRpcUrl });
}

/** solc's version, standard JSON input and output. Throws InvalidArgumentsError. */
export function readCompilationResult(
  params: readonly Json[],
): readonly [solcVersion: string, input: Json, output: Json] {
  if (params.length !== 3) {
    throw new InvalidArgumentsError(`Expected exactly 3 arguments and got ${params.length}`);
  }
  const [solcVersion, input, output] = params;
  if (typeof solcVersion !== "string") {
    throw invalid(0, solcVersion, "string");
  }
  if (!isObject(input)) {
    throw invalid(1, input, "RpcCompilerInput");
  }
  if (typeof input.language !== "string") {
    throw invalid(1, input.language, "RpcCompilerInput/language: string");
  }
  if (!isObject(output)) {
    throw invalid(2, output, "RpcCompilerOutput");
  }
  return [solcVersion, input, output];
}

function invalid(index: number, value: Json | undefined, path: string): InvalidArgumentsError {
  const shown = value === undefined ? "undefined" : JSON.stringify(value);
  return new InvalidArgumentsError(
    `Errors encountered in param ${index}: Invalid value ${shown} supplied to : ${path}`,
  );
}
