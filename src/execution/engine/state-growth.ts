/**
 * Gas for growth of the state in the opcodes that are replaced (opcodes.ts), as ethereumjs charges it in its
 * own handlers (EIP-8037, experimental).
 *
 * Owns: when SSTORE and SELFDESTRUCT charge. Does not own: the reservoir (ethereumjs), the other opcodes,
 * numbers (parameters of the Common).
 */
import type { OpcodeHandler, RunState } from "./opcodes";

type Common = Parameters<OpcodeHandler>[1];

/** A slot that was zero when the transaction began, and is now changed from `current` to `value`. */
export function chargeSlot(
  runState: RunState,
  common: Common,
  { original, current, value }: { original: bigint; current: bigint; value: bigint },
): void {
  if (original !== 0n) {
    return;
  }
  const { interpreter } = runState;
  const amount = common.param("stateBytesPerStorageSet") * common.param("costPerStateByte");
  if (current === 0n && value !== 0n) {
    interpreter.chargeStateGas(amount);
  } else if (current !== 0n && value === 0n) {
    interpreter.creditStateGasRefund(amount);
  }
}

/** SELFDESTRUCT brings its beneficiary into being. */
export function chargeNewAccount(runState: RunState, common: Common): void {
  runState.interpreter.chargeStateGas(
    common.param("stateBytesPerNewAccount") * common.param("costPerStateByte"),
  );
}
