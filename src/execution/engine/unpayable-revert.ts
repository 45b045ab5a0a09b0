/**
 * REVERT of more memory than its gas pays for, while opcodes are observed: @ethereumjs/evm reads the data
 * for the observer before it charges for the memory, so that an offset of 2^60 ended in a RangeError
 * instead of an exceptional halt, and an offset of some gigabytes in as much memory.
 *
 * Owns: what the observer is shown then: no data. The frame runs out of gas right after it.
 */
import { memoryGas } from "./fast/memory";
import type { OpcodeEntry, RunState } from "./opcodes";

const NO_BYTES = new Uint8Array(0);
/** The gas handler of REVERT with what is said above. */
export function withoutUnpayableData({ gasHandler }: OpcodeEntry): OpcodeEntry["gasHandler"] {
  return async (runState, gas, common) => {
    if (!paysForItsData(runState)) {
      const { memory } = runState;
      // Nothing uses the memory any more but the observer.
      runState.memory = Object.assign(Object.create(Object.getPrototypeOf(memory)), memory, {
        read: () => NO_BYTES,
      });
    }
    return gasHandler(runState, gas, common);
  };
}

function paysForItsData(runState: RunState): boolean {
  if (runState.stack.length < 2) {
    return true; // ends before anything is read
  }
  const [offset = 0n, length = 0n] = runState.stack.peek(2);
  const words = (offset + length + 31n) / 32n;
  // Exact as far as any gas limit reaches; beyond, only that it is more counts.
  const added = memoryGas(Number(words)) - memoryGas(Number(runState.memoryWordCount));
  return length === 0n || added <= Number(runState.gasLeft);
}
