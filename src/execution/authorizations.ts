/**
 * The authorization list of a set-code transaction (EIP-7702; EELS set_delegation).
 *
 * An authorization that does not fit its authority is skipped, never an error.
 */
import type { Address } from "../state/hex";
import { delegationTo, isDelegation } from "./delegation";
import type { ListRecorder } from "./list-operations";
import type { StateView } from "./state-view";
import type { Authorization } from "./transaction";
import { MAX_NONCE } from "./transaction-validity";

const ZERO_ADDRESS: Address = "0x0000000000000000000000000000000000000000";
const NO_CODE = new Uint8Array(0);

/** An authorization that fits its authority, before it is set. */
export interface ValidAuthorization {
  readonly authority: Address;
  /** Is the authority in the state? */
  readonly exists: boolean;
  readonly isDelegated: boolean;
  /** It takes a delegation back instead of setting one. */
  readonly clears: boolean;
}

/** What authorizations cost beyond intrinsic gas. */
export interface AuthorizationMeter {
  /** Charges it. False: the gas does not suffice; neither it nor any after it is set. */
  accept(authorization: ValidAuthorization): boolean;
}

export interface AppliedAuthorizations {
  /** Authorities that were looked at: warm from the start (EIP-2929). */
  readonly authorities: readonly Address[];
  /** False: the gas ended on the way. */
  readonly isComplete: boolean;
}

/**
 * Sets the delegations. The sender's nonce has been bumped before.
 * @param recorder null = nobody asked for the block's access list
 */
export function applyAuthorizations(
  list: readonly Authorization[],
  chainId: bigint,
  view: StateView,
  meter: AuthorizationMeter,
  recorder: ListRecorder | null = null,
): AppliedAuthorizations {
  const authorities: Address[] = [];
  for (const authorization of list) {
    const { authority, nonce, address } = authorization;
    const otherChain = authorization.chainId !== 0n && authorization.chainId !== chainId;
    if (otherChain || nonce >= MAX_NONCE || authority === null) {
      continue;
    }
    authorities.push(authority);
    recorder?.account(authority);
    const code = view.code(authority);
    if ((code.length > 0 && !isDelegation(code)) || view.nonce(authority) !== nonce) {
      continue;
    }
    const clears = address === ZERO_ADDRESS;
    const exists = !view.isEmpty(authority) || view.exists(authority);
    if (!meter.accept({ authority, exists, isDelegated: code.length > 0, clears })) {
      return { authorities, isComplete: false };
    }
    const set = clears ? NO_CODE : delegationTo(address);
    view.setCode(authority, set);
    view.setNonce(authority, nonce + 1n);
    recorder?.nonce(authority, nonce + 1n);
    recorder?.code(authority, set, code);
  }
  return { authorities, isComplete: true };
}
