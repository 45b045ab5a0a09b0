/** The point evaluation precompile over one library, loaded. */

import {
  createPointEvaluation,
  type KzgVerifier,
} from "../../src/execution/engine/fast/precompiles/point-evaluation";
import {
  type Precompile,
  PrecompilePending,
} from "../../src/execution/engine/fast/precompiles/precompile";

/** Throws what loading throws. */
export async function loadedPointEvaluation(load: () => Promise<KzgVerifier>): Promise<Precompile> {
  const evaluate = createPointEvaluation(load);
  try {
    evaluate(new Uint8Array(0), Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (!(error instanceof PrecompilePending)) {
      throw error;
    }
    await error.ready;
  }
  return evaluate;
}
