/**
 * How many conflicts there are, by kind of location; the sender's and the fee's apart.
 *
 * Owns: counting over windows. Does not own: finding conflicts (conflicts.ts).
 */
import type { LocationKind } from "../state/location";
import { CAUSE, type Conflicts } from "./conflicts";
import type { Workload } from "./workload";

/** Edges of the run: the contract's by kind of location, and what is apart from them. */
export interface EdgeCounts {
  readonly byKind: Readonly<Record<LocationKind, number>>;
  /** pairs that conflict only on the sender's nonce or balance */
  readonly senderPairs: number;
  /** pairs that conflict on a balance which only the fee changed */
  readonly feePairs: number;
}

export class EdgeCounter {
  readonly #workload: Workload;
  readonly #byKind: Record<LocationKind, number> = {
    storage: 0,
    balance: 0,
    nonce: 0,
    code: 0,
    existence: 0,
  };
  #senderPairs = 0;
  #feePairs = 0;

  constructor(workload: Workload) {
    this.#workload = workload;
  }

  add(conflicts: Conflicts): void {
    for (let reader = 0; reader < conflicts.size; reader++) {
      const pairs = {
        contract: new Set<number>(),
        sender: new Set<number>(),
        fee: new Set<number>(),
      };
      const end = conflicts.start[reader + 1] ?? 0;
      for (let edge = conflicts.start[reader] ?? 0; edge < end; edge++) {
        const writer = conflicts.from[edge] ?? -1;
        const cause = conflicts.cause[edge];
        if (cause === CAUSE.contract) {
          pairs.contract.add(writer);
          this.#byKind[this.#workload.locations.kind(conflicts.location[edge] ?? -1)]++;
        } else {
          (cause === CAUSE.sender ? pairs.sender : pairs.fee).add(writer);
        }
      }
      this.#senderPairs += [...pairs.sender].filter((writer) => !pairs.contract.has(writer)).length;
      this.#feePairs += [...pairs.fee].filter((writer) => !pairs.contract.has(writer)).length;
    }
  }

  counts(): EdgeCounts {
    return { byKind: this.#byKind, senderPairs: this.#senderPairs, feePairs: this.#feePairs };
  }
}
