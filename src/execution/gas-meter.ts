/**
 * Gas around a message: what authorizations leave for it, and what the transaction has consumed in the end.
 *
 * Owns: the rules up to Osaka. Does not own: those with gas for growth of the state (state-gas.ts).
 */
import type { AuthorizationMeter, ValidAuthorization } from "./authorizations";
import type { MessageResult } from "./engine/engine";
import { AUTHORIZATION_BASE, AUTHORIZATION_NEW_ACCOUNT } from "./intrinsic-gas";
import type { BlockGas } from "./outcome";

export interface MessageGas {
  /** gas for everything */
  readonly regular: bigint;
  /** gas for growth of the state only (EIP-8037) */
  readonly reservoir: bigint;
}

export interface ConsumedGas {
  /** gas consumed before the refund */
  readonly gasBeforeRefund: bigint;
  /** Absent before EIP-8037. */
  readonly blockGas?: BlockGas;
}

export interface GasMeter extends AuthorizationMeter {
  /** gas: of what intrinsic gas took for authorizations */
  readonly refund: bigint;
  /** what is left for the message */
  readonly left: MessageGas;
  /** Of the whole transaction, once its message has run. */
  total(result: MessageResult): ConsumedGas;
}

/** Up to Osaka: intrinsic gas takes every authority for a new account, and gives back what was too much. */
export class PlainGasMeter implements GasMeter {
  refund = 0n;
  readonly left: MessageGas;
  readonly #intrinsic: bigint;

  constructor(gasLimit: bigint, intrinsic: bigint) {
    this.#intrinsic = intrinsic;
    this.left = { regular: gasLimit - intrinsic, reservoir: 0n };
  }

  accept({ exists }: ValidAuthorization): boolean {
    if (exists) {
      this.refund += AUTHORIZATION_NEW_ACCOUNT - AUTHORIZATION_BASE;
    }
    return true;
  }

  total({ gasUsed }: MessageResult): ConsumedGas {
    return { gasBeforeRefund: this.#intrinsic + gasUsed };
  }
}
