/**
 * The scaling exponent α of a function: its critical path grows as n^α with the number n of calls by
 * different users. docs/metrics.md, "Scaling exponent".
 *
 * Owns: the calls that are compared and the fit. Does not own: the replay (footprint-replay.ts).
 */
import { criticalPathLength } from "../critical-path";
import type { Footprint } from "../footprints/footprint";
import type { FunctionModel, ModelledCall } from "../footprints/infer-footprints";
import { FootprintReplay, type ReplayBasis } from "./footprint-replay";
import { CallDraw } from "./redrawn-calls";
import { graphOf } from "./redrawn-run";

export interface ScalingExponent {
  readonly alpha: number;
  readonly basis: ReplayBasis;
  /** the points of the fit: calls, critical path in gas */
  readonly points: readonly { readonly calls: number; readonly criticalPath: number }[];
}

const SIZES = [8, 16, 32, 64, 128, 256];

/**
 * Replays 8 to 256 calls of the function on the same contracts, each by a user of its own and with
 * arguments of its own. Every call weighs the mean gas of the observed ones, so that α follows from
 * the conflicts alone. Null if no successful call was observed, or if the source of a key that decides who
 * conflicts with whom is not known.
 */
export function scalingExponent(model: FunctionModel): ScalingExponent | null {
  const calls = onTheSameContracts(model.calls);
  const total = calls.reduce((sum, { view }) => sum + view.gas, 0);
  const { footprint } = model;
  if (total === 0 || footprint.onlyFailed || dependsOnUnknownKey(footprint)) {
    return null;
  }
  const gas = Math.max(1, Math.round(total / calls.length));
  const points = SIZES.map((size) => {
    const draw = new CallDraw({
      window: size,
      senders: "distinct",
      keys: { kind: "distinct" },
      seed: 1,
    });
    const replay = new FootprintReplay();
    const transactions = Array.from({ length: size }, (_, index) => calls[index % calls.length])
      .filter((call) => call !== undefined)
      .map((call) => replay.add(draw.draw(model, call), gas));
    const criticalPath = criticalPathLength(graphOf(transactions, replay.workload()));
    return { calls: size, criticalPath };
  });
  const logs = points.map(({ calls: n, criticalPath }) => [Math.log(n), Math.log(criticalPath)]);
  return { alpha: slope(logs), basis: "footprints", points };
}

/** Least squares: the slope of y over x. */
export function slope(points: readonly (readonly number[])[]): number {
  const meanX = mean(points.map(([x = 0]) => x));
  const meanY = mean(points.map(([, y = 0]) => y));
  let [above, below] = [0, 0];
  for (const [x = 0, y = 0] of points) {
    above += (x - meanX) * (y - meanY);
    below += (x - meanX) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The largest set of calls that worked on the same accounts; of equals the first. */
function onTheSameContracts(calls: readonly ModelledCall[]): readonly ModelledCall[] {
  const groups = new Map<string, ModelledCall[]>();
  for (const call of calls) {
    const owners = call.accesses
      .filter(({ access }) => access.kind === "storage")
      .map(({ access }) => access.components[0] ?? "");
    const key = `${call.view.contract} ${[...new Set(owners)].sort().join(" ")}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [call]);
    } else {
      group.push(call);
    }
  }
  let largest: readonly ModelledCall[] = [];
  for (const group of groups.values()) {
    largest = group.length > largest.length ? group : largest;
  }
  return largest;
}

/** Is a variable written whose keys, or whose account, have no known source? */
function dependsOnUnknownKey({ accesses }: Footprint): boolean {
  const written = new Set(
    accesses.filter(({ write }) => write !== "never").map(({ variable }) => variable),
  );
  return accesses.some(
    ({ owner, keys, variable }) =>
      written.has(variable) && [owner, ...keys].some(({ status }) => status === "unknown"),
  );
}
