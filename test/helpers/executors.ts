/**
 * The block executors that integration tests run. The suites take one by name, so that the same
 * blocks check each of them: HHP_EXECUTOR=<name> chooses it (default: sequential).
 */
import type { BlockExecutor } from "../../src/execution/block-executor";
import { SequentialExecutor } from "../../src/execution/sequential-executor";

export type ExecutorFactory = () => BlockExecutor;

export const EXECUTORS: Readonly<Record<string, ExecutorFactory>> = {
  sequential: () => new SequentialExecutor(),
};

/** Throws for a name that is not in the list. */
export function executorUnderTest(name = process.env.HHP_EXECUTOR ?? "sequential"): {
  readonly name: string;
  readonly create: ExecutorFactory;
} {
  const create = EXECUTORS[name];
  if (create === undefined) {
    throw new Error(
      `no executor "${name}": expected one of ${Object.keys(EXECUTORS).join(", ")} in HHP_EXECUTOR`,
    );
  }
  return { name, create };
}
