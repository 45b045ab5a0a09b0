/** Precompiles that need a library which is loaded only when it is used. */
import type { PrecompileFunc } from "@ethereumjs/evm";
import { loadKzg } from "./kzg";

/** EIP-4844 */
const POINT_EVALUATION = "000000000000000000000000000000000000000a";

export function preparePrecompiles(precompiles: Map<string, PrecompileFunc>): void {
  const evaluate = precompiles.get(POINT_EVALUATION);
  if (evaluate !== undefined) {
    precompiles.set(POINT_EVALUATION, async (input) => {
      await loadKzg();
      return evaluate(input);
    });
  }
}
