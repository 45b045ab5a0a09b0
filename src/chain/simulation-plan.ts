/**
 * Which blocks a simulation (eth_simulateV1) consists of: numbers and times in order, gaps filled
 * with empty blocks.
 *
 * Owns: the request's types, order and limits. Does not own: execution (simulation.ts).
 */
import type { Address, Hash } from "../state/hex";
import type { StateOverrides } from "./chain";
import { ChainError } from "./chain-error";
import type { UnsignedTransaction } from "./transaction-codec";

/** Furthest distance of a simulated block from its base, as the specification has it. */
const MAX_BLOCKS = 256n;

/** Header fields of a simulated block; absent = as they follow from the block before. */
export interface SimulatedHeader {
  readonly number?: bigint;
  /** seconds */
  readonly timestamp?: bigint;
  /** gas */
  readonly gasLimit?: bigint;
  readonly coinbase?: Address;
  readonly difficulty?: bigint;
  readonly prevRandao?: Hash;
  /** wei per gas */
  readonly baseFeePerGas?: bigint;
  readonly parentBeaconBlockRoot?: Hash;
}

/** A transaction whose nonce and gas may be left to the simulation. */
export interface SimulatedCallRequest {
  readonly from: Address;
  readonly transaction: Omit<UnsignedTransaction, "nonce" | "gasLimit">;
  /** default: the sender's */
  readonly nonce?: bigint;
  /** default: what is left of the block's gas */
  readonly gasLimit?: bigint;
}

export interface SimulatedBlockRequest {
  readonly header: SimulatedHeader;
  /** in force before the first call */
  readonly state: StateOverrides;
  readonly calls: readonly SimulatedCallRequest[];
}

export interface PlannedBlock extends SimulatedBlockRequest {
  readonly header: SimulatedHeader & { readonly number: bigint; readonly timestamp: bigint };
}

/** Throws ChainError SimulatedNumber, SimulatedTimestamp, SimulationTooLong. */
export function planBlocks(
  base: { readonly number: bigint; readonly timestamp: bigint },
  requests: readonly SimulatedBlockRequest[],
): readonly PlannedBlock[] {
  const planned: PlannedBlock[] = [];
  let previous = base;
  const append = (request: SimulatedBlockRequest): void => {
    const number = request.header.number ?? previous.number + 1n;
    const timestamp = request.header.timestamp ?? previous.timestamp + 1n;
    if (timestamp <= previous.timestamp) {
      throw new ChainError({
        kind: "SimulatedTimestamp",
        given: timestamp,
        previous: previous.timestamp,
      });
    }
    previous = { number, timestamp };
    planned.push({ ...request, header: { ...request.header, number, timestamp } });
  };
  for (const request of requests) {
    const number = request.header.number ?? previous.number + 1n;
    if (number <= previous.number) {
      throw new ChainError({ kind: "SimulatedNumber", given: number, previous: previous.number });
    }
    if (number - base.number > MAX_BLOCKS) {
      throw new ChainError({
        kind: "SimulationTooLong",
        limit: MAX_BLOCKS,
        needed: number - base.number,
      });
    }
    while (previous.number + 1n < number) {
      append({ header: {}, state: new Map(), calls: [] });
    }
    append(request);
  }
  return planned;
}
