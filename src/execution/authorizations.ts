/**
 * The authorization list of a set-code transaction (EIP-7702; EELS set_delegation).
 *
 * An authorization that does not fit its authority is skipped, never an error.
 */
import type { Address } from "../state/hex";
import { delegationTo, isDelegation } from "./delegation";
import { AUTHORIZATION_BASE, AUTHORIZATION_NEW_ACCOUNT } from "./intrinsic-gas";
import type { StateView } from "./state-view";
import type { Authorization } from "./transaction";
import { MAX_NONCE } from "./transaction-validity";

const ZERO_ADDRESS: Address = "0x0000000000000000000000000000000000000000";
const NO_CODE = new Uint8Array(0);

export interface AppliedAuthorizations {
  /** gas: intrinsic gas took every authority for a new account */
  readonly refund: bigint;
  /** Authorities that were looked at: warm from the start (EIP-2929). */
  readonly authorities: readonly Address[];
}

/** Sets the delegations. The sender's nonce has been bumped before. */
export function applyAuthorizations(
  list: readonly Authorization[],
  chainId: bigint,
  view: StateView,
): AppliedAuthorizations {
  let refund = 0n;
  const authorities: Address[] = [];
  for (const authorization of list) {
    const { authority, nonce, address } = authorization;
    const otherChain = authorization.chainId !== 0n && authorization.chainId !== chainId;
    if (otherChain || nonce >= MAX_NONCE || authority === null) {
      continue;
    }
    authorities.push(authority);
    const code = view.code(authority);
    if ((code.length > 0 && !isDelegation(code)) || view.nonce(authority) !== nonce) {
      continue;
    }
    if (!view.isEmpty(authority) || view.exists(authority)) {
      refund += AUTHORIZATION_NEW_ACCOUNT - AUTHORIZATION_BASE;
    }
    view.setCode(authority, address === ZERO_ADDRESS ? NO_CODE : delegationTo(address));
    view.setNonce(authority, nonce + 1n);
  }
  return { refund, authorities };
}
