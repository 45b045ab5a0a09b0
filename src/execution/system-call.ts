/**
 * A call that the protocol itself makes before or after a block's transactions (EELS
 * process_system_transaction): no sender account, no fee, no nonce, not in any receipt.
 */
import { type Address, EMPTY_CODE_HASH } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import { EMPTY_WRITE_SET, type WriteSet } from "../state/write-set";
import { BlockOverlay } from "./block-overlay";
import type { Engine } from "./engine/engine";
import { forkRules } from "./fork-rules";
import { IncarnationView } from "./incarnation-view";
import type { ListRecorder } from "./list-operations";
import type { Halt } from "./outcome";
import { SYSTEM_CALL_RESERVOIR } from "./state-gas";
import { cleanUp } from "./touched-accounts";
import type { BlockEnvironment } from "./transaction";

/** Caller of every system call (EIP-4788). */
export const SYSTEM_ADDRESS: Address = "0xfffffffffffffffffffffffffffffffffffffffe";

/** gas (EIP-4788, EIP-2935, EIP-7002, EIP-7251) */
const SYSTEM_CALL_GAS = 30_000_000n;

export interface SystemCallResult {
  /** False if there is no code at the target: nothing ran. */
  readonly called: boolean;
  /** Present if the call failed; it then wrote nothing. */
  readonly halt?: Halt;
  readonly returnData: Uint8Array;
  /** To be applied by the caller. */
  readonly writes: WriteSet;
}

/**
 * Runs the call on the state and commits nothing. Throws what reading the state throws.
 * @param recorder takes what the call does to the block's access list (EIP-7928); null = nobody asked
 */
export async function systemCall(
  engine: Engine,
  state: StateReader,
  environment: BlockEnvironment,
  target: Address,
  data: Uint8Array,
  recorder: ListRecorder | null = null,
): Promise<SystemCallResult> {
  if (state.codeHash(target) === EMPTY_CODE_HASH) {
    recorder?.account(target);
    return { called: false, returnData: new Uint8Array(0), writes: EMPTY_WRITE_SET };
  }
  const view = new IncarnationView(new BlockOverlay(state), false);
  const result = await engine.run(
    {
      caller: SYSTEM_ADDRESS,
      to: target,
      value: 0n,
      data,
      gasLimit: SYSTEM_CALL_GAS,
      gasPrice: environment.baseFeePerGas ?? 0n,
      origin: SYSTEM_ADDRESS,
      blobVersionedHashes: [],
      warmAddresses: [],
      warmSlots: [],
      callerNonce: 0n,
      stateGasReservoir: forkRules(environment.rules).isActive(8037) ? SYSTEM_CALL_RESERVOIR : 0n,
    },
    environment,
    view,
    ...(recorder === null ? [] : [{ listRecorder: recorder }]),
  );
  cleanUp(view, forkRules(environment.rules), result.selfDestructed, result.touched);
  return {
    called: true,
    ...(result.halt === undefined ? {} : { halt: result.halt }),
    returnData: result.returnData,
    writes: view.writeSet(),
  };
}
