/**
 * The point evaluation precompile (EIP-4844) over each library that a thread verifies proofs with: its first one, and
 * the native one, to which it changes over once that pays. Called directly, as the change would come in the midst
 * of measuring otherwise.
 */
import { loadMclKzg } from "../src/execution/engine/fast/precompiles/kzg-mcl";
import { loadNativeKzg } from "../src/execution/engine/fast/precompiles/kzg-native";
import type { KzgVerifier } from "../src/execution/engine/fast/precompiles/point-evaluation";
import type { Precompile } from "../src/execution/engine/fast/precompiles/precompile";
import { loadedPointEvaluation } from "../test/helpers/loaded-point-evaluation";
import { pointEvaluation } from "./precompile-inputs";

const GAS = 50_000;
/** proofs in a round */
const CALLS = 40;

export interface PointEvaluationCost {
  /** which library */
  readonly name: string;
  /** of the best round */
  readonly nsPerGas: number;
}

/** CPU time of a call, rounds of the libraries interleaved. The native library is left out where it is not there. */
export async function pointEvaluationCosts(
  rounds: number,
): Promise<readonly PointEvaluationCost[]> {
  const data = await pointEvaluation();
  const measured = [await overLibrary("before the native library", loadMclKzg)];
  const native = loadNativeKzg();
  if (native === null) {
    console.log("point evaluation: the native library is not installed for this platform");
  } else {
    measured.push(await overLibrary("native library loaded", async () => native));
  }
  for (let round = -2; round < rounds; round++) {
    for (const each of measured) {
      const ns = run(each.evaluate, data);
      if (round >= 0) {
        each.best = Math.min(each.best, ns);
      }
    }
  }
  return measured.map(({ name, best }) => ({ name, nsPerGas: best }));
}

async function overLibrary(
  name: string,
  load: () => Promise<KzgVerifier>,
): Promise<{ readonly name: string; readonly evaluate: Precompile; best: number }> {
  const evaluate = await loadedPointEvaluation(load);
  return { name, evaluate, best: Number.POSITIVE_INFINITY };
}

/** ns of CPU time per gas */
function run(evaluate: Precompile, data: Uint8Array): number {
  const cpu = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) {
    const result = evaluate(data, GAS);
    if (typeof result === "string") {
      throw new Error(`point evaluation fails: ${result}`);
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  return ((user + system) * 1000) / (CALLS * GAS);
}
