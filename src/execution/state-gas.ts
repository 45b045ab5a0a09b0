/**
 * Gas for growth of the state around a message (EIP-8037, experimental): how a transaction's gas limit is
 * divided, what authorizations cost once the state is known, and what a block counts.
 *
 * Owns: the numbers for it (EIP-8037, EIP-8038, with @ethereumjs/tx's and /evm's values). Does not own: what
 * opcodes charge (the engine), gas that does not depend on the state (intrinsic-gas.ts).
 */
import { invariant } from "../errors/base-error";
import type { Address } from "../state/hex";
import type { ValidAuthorization } from "./authorizations";
import type { MessageResult } from "./engine/engine";
import type { ForkRules } from "./fork-rules";
import type { ConsumedGas, GasMeter, MessageGas } from "./gas-meter";
import type { IntrinsicGas } from "./intrinsic-gas";
import type { TransactionInput } from "./transaction";

/** gas */
const PER_STATE_BYTE = 1_530n;
const ACCOUNT_WRITE = 8_000n;
const ACCOUNT_WRITE_SINCE_8038 = 9_000n;
/** bytes of state */
const NEW_ACCOUNT = 120n;
const DELEGATION = 23n;
const SLOT = 64n;
/** slots that a system call may fill */
const SYSTEM_CALL_SLOTS = 16n;

/** gas set apart for a system call to grow the state with */
export const SYSTEM_CALL_RESERVOIR = SLOT * PER_STATE_BYTE * SYSTEM_CALL_SLOTS;

/**
 * Divides what intrinsic gas leaves: what is above the cap is for growth of the state only.
 * @param cap of EIP-7825, null = none: all gas is for everything
 */
export function divideGas(gasLimit: bigint, intrinsic: bigint, cap: bigint | null): MessageGas {
  const gas = gasLimit - intrinsic;
  if (cap === null) {
    return { regular: gas, reservoir: 0n };
  }
  const budget = cap > intrinsic ? cap - intrinsic : 0n;
  const regular = gas < budget ? gas : budget;
  return { regular, reservoir: gas - regular };
}

/** What authorizations take of a transaction's gas: each first write, each growth of the state. */
export class StateGasMeter implements GasMeter {
  readonly refund = 0n;
  readonly #gas: IntrinsicGas;
  readonly #whole: MessageGas;
  readonly #accountWrite: bigint;
  #regular: bigint;
  #reservoir: bigint;
  /** gas charged for growth of the state */
  #used = 0n;
  /** accounts whose first write is paid */
  readonly #written: Set<Address>;
  /** whether an authority was delegated before the transaction */
  readonly #delegatedBefore = new Map<Address, boolean>();
  /** authorities whose first delegation is paid */
  readonly #indicated = new Set<Address>();

  constructor(
    { from, to, value, gasLimit }: TransactionInput,
    rules: ForkRules,
    gas: IntrinsicGas,
    cap: bigint | null,
  ) {
    this.#gas = gas;
    this.#whole = divideGas(gasLimit, gas.intrinsic, cap);
    this.#regular = this.#whole.regular;
    this.#reservoir = this.#whole.reservoir;
    this.#accountWrite = rules.isActive(8038) ? ACCOUNT_WRITE_SINCE_8038 : ACCOUNT_WRITE;
    // Intrinsic gas has paid for these.
    this.#written = new Set(to !== null && value > 0n ? [from, to] : [from]);
  }

  get left(): MessageGas {
    return { regular: this.#regular, reservoir: this.#reservoir };
  }

  accept({ authority, exists, isDelegated, clears }: ValidAuthorization): boolean {
    const before = this.#delegatedBefore.get(authority) ?? isDelegated;
    this.#delegatedBefore.set(authority, before);
    if (!this.#written.has(authority)) {
      if (this.#regular < this.#accountWrite) {
        return false;
      }
      this.#regular -= this.#accountWrite;
      this.#written.add(authority);
    }
    let bytes = 0n;
    if (!exists) {
      bytes += NEW_ACCOUNT; // once: with its nonce set, it exists
    }
    if (!clears && !isDelegated && !before && !this.#indicated.has(authority)) {
      bytes += DELEGATION;
      this.#indicated.add(authority);
    }
    return this.#charge(bytes * PER_STATE_BYTE);
  }

  total({ gasUsed, stateGas }: MessageResult): ConsumedGas {
    invariant(stateGas !== undefined, "an engine does not meter gas for growth of the state");
    const { regular, reservoir } = this.#whole;
    const { intrinsic } = this.#gas;
    if (stateGas.endedBeforeStart) {
      // Nothing has grown: the reservoir is given back whole.
      return this.#consumed(intrinsic + regular, 0n);
    }
    const beforeMessage = regular - this.#regular;
    return this.#consumed(
      intrinsic + beforeMessage + gasUsed + (reservoir - stateGas.reservoir),
      this.#used + stateGas.used,
    );
  }

  /** EIP-7778: the block gets no refunds. EIP-7623: the floor is of what is not for growth of the state. */
  #consumed(gasBeforeRefund: bigint, stateGas: bigint): ConsumedGas {
    const { floor } = this.#gas;
    const state = stateGas > 0n ? stateGas : 0n;
    const regular = gasBeforeRefund - state;
    return { gasBeforeRefund, blockGas: { regular: regular > floor ? regular : floor, state } };
  }

  #charge(amount: bigint): boolean {
    if (amount > this.#reservoir + this.#regular) {
      return false;
    }
    const reserved = amount < this.#reservoir ? amount : this.#reservoir;
    this.#reservoir -= reserved;
    this.#regular -= amount - reserved;
    this.#used += amount;
    return true;
  }
}
