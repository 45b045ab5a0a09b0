/**
 * The methods that Hardhat 2 answers before its network sees them: four constants, and two whose
 * parameters it checks in its own way.
 *
 * Owns: the checks and their messages. Does not own: what resetting means (rpc-network.ts).
 */
import { InvalidArgumentsError } from "../../errors/provider-error";
import { isObject } from "../../params/other-values";
import type { Json } from "../../params/place";

export const CONSTANT_ANSWERS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["hardhat_getStackTraceFailuresCount", 0],
  ["eth_mining", false],
  ["net_listening", true],
  ["net_peerCount", "0x0"],
]);

/** What hardhat_reset asks to fork. */
export interface ForkRequest {
  readonly url: string;
  readonly blockNumber?: bigint;
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

/** Null = a chain of its own. Throws InvalidArgumentsError. */
export function readReset(params: readonly Json[]): ForkRequest | null {
  if (params.length > 1) {
    throw new InvalidArgumentsError(`Expected between 0 and 1 arguments and got ${params.length}`);
  }
  const config = params[0];
  if (config === undefined) {
    return null;
  }
  if (!isObject(config)) {
    throw invalid(0, config, "HardhatNetworkConfig | undefined");
  }
  const { forking } = config;
  if (forking === undefined) {
    return null;
  }
  const path = "HardhatNetworkConfig | undefined/forking: RpcForkConfig | undefined";
  if (!isObject(forking)) {
    throw invalid(0, forking, `${path} | undefined`);
  }
  if (typeof forking.jsonRpcUrl !== "string") {
    throw invalid(0, forking.jsonRpcUrl, `${path} | undefined/jsonRpcUrl: string`);
  }
  const { jsonRpcUrl: url, blockNumber, httpHeaders } = forking;
  if (blockNumber !== undefined && typeof blockNumber !== "number") {
    throw invalid(0, blockNumber, `${path} | undefined/blockNumber: number | undefined`);
  }
  return {
    url,
    ...(blockNumber === undefined ? {} : { blockNumber: BigInt(blockNumber) }),
    ...(httpHeaders === undefined ? {} : { httpHeaders: readHeaders(httpHeaders, path) }),
  };
}

function readHeaders(value: Json, path: string): Readonly<Record<string, string>> {
  const place = `${path} | undefined/httpHeaders: httpHeaders | undefined`;
  if (!isObject(value)) {
    throw invalid(0, value, place);
  }
  const headers: Record<string, string> = {};
  for (const [name, header] of Object.entries(value)) {
    if (typeof header !== "string") {
      throw invalid(0, header, `${place}/${name}: string`);
    }
    headers[name] = header;
  }
  return headers;
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
