/**
 * Our executors behind the interface of the conformance vectors:
 *
 *   node ../shared/vectors/run-vectors.mjs --module test/integration/vector-executor.mjs
 *
 * HHP_EXECUTOR chooses the executor (test/helpers/executors.ts).
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("../../scripts/typescript-hook.cjs");
const { executeConformanceBlock } = require("../helpers/conformance-block.ts");
const { executorUnderTest } = require("../helpers/executors.ts");

const executor = executorUnderTest().create();

export async function executeBlock(input) {
  const { stateRoot, receiptsRoot, logsBloom, gasUsed, requestsHash } =
    await executeConformanceBlock(executor, input);
  return { stateRoot, receiptsRoot, logsBloom, gasUsed, requestsHash };
}

process.once("beforeExit", () => executor.close());
