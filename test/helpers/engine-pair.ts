/**
 * One transaction on two engines. What is compared is all that anybody sees of it: the outcome with its
 * reads, writes and frames, the refund included through the gas.
 *
 * Which of several reasons to halt is named may differ: an opcode that lacks both gas and stack items
 * ends its frame either way, and the engines check in different orders.
 */
import { inspect, isDeepStrictEqual } from "node:util";
import { BlockOverlay } from "../../src/execution/block-overlay";
import type { Engine } from "../../src/execution/engine/engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { BlockEnvironment, TransactionInput } from "../../src/execution/transaction";
import {
  executeTransaction,
  type TransactionExecution,
} from "../../src/execution/transaction-processing";
import type { StateReader } from "../../src/state/state-reader";
import { plainOutcome } from "./plain-outcome";

export interface Scene {
  readonly state: StateReader;
  readonly transaction: TransactionInput;
  readonly environment: BlockEnvironment;
  readonly trace: boolean;
}

export async function runOn(
  engine: Engine,
  { state, transaction, environment, trace }: Scene,
): Promise<TransactionExecution> {
  const view = new IncarnationView(new BlockOverlay(state), trace);
  return executeTransaction(engine, view, transaction, environment);
}

/** Each engine gives what the reference gives; throws an error that says what differs first, and where. */
export async function expectSameOutcomes(
  reference: Engine,
  engines: readonly { readonly tier: string; readonly engine: Engine }[],
  scene: Scene,
): Promise<TransactionExecution> {
  const expected = await runOn(reference, scene);
  for (const { tier, engine } of engines) {
    const difference = differenceOf(expected, await runOn(engine, scene));
    if (difference !== null) {
      throw new Error(`${tier}: ${difference}`);
    }
  }
  return expected;
}

/** Null if the executions are equal. */
export function differenceOf(
  expected: TransactionExecution,
  actual: TransactionExecution,
): string | null {
  if (!expected.ok || !actual.ok) {
    return isDeepStrictEqual(expected, actual) ? null : show("execution", expected, actual);
  }
  const [a, b] = [comparable(expected.outcome), comparable(actual.outcome)];
  for (const key of Object.keys({ ...a, ...b }) as (keyof typeof a)[]) {
    if (!isDeepStrictEqual(a[key], b[key])) {
      return show(key, a[key], b[key]);
    }
  }
  return null;
}

function comparable(outcome: Extract<TransactionExecution, { ok: true }>["outcome"]): object {
  const { trace, writes, ...rest } = plainOutcome(outcome);
  return {
    ...rest,
    writes: { writes: writes.writes, codes: writes.codes }, // threads' have them packed as well
    ...trace,
    halt: outcome.halt?.kind,
    returnData: Buffer.from(outcome.returnData).toString("hex"),
    consoleLogs: outcome.consoleLogs?.map((data) => Buffer.from(data).toString("hex")),
  };
}

function show(what: string, expected: unknown, actual: unknown): string {
  const text = (value: unknown): string => inspect(value, { depth: 8, breakLength: 160 });
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const [a, b] = [expected.map(text), actual.map(text)];
    const only = (items: string[], others: string[]): string =>
      items.filter((item) => !others.includes(item)).join("\n") || "nothing, or another order";
    return `${what}: only the reference has\n${only(a, b)}\nonly the engine has\n${only(b, a)}`;
  }
  return `${what} differs:\nreference: ${text(expected)}\nengine:    ${text(actual)}`;
}
