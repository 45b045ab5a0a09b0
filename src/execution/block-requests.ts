/**
 * Requests that a block's execution sends to the consensus layer (EIP-7685): deposits from logs
 * (EIP-6110), withdrawals (EIP-7002), consolidations (EIP-7251) and, of builders, deposits and exits
 * (EIP-8282, experimental) from system contracts.
 *
 * A block whose deposit logs are malformed, or whose request contracts are missing or fail, is
 * invalid: a value, not an exception.
 */
import { createHash } from "node:crypto";
import { bytesToBigInt, hexToBytes } from "../state/bytes";
import type { Address, Hash } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { WriteSet } from "../state/write-set";
import { BlockOverlay } from "./block-overlay";
import type { Engine } from "./engine/engine";
import { forkRules } from "./fork-rules";
import type { ListRecorder } from "./list-operations";
import type { Log } from "./outcome";
import { systemCall } from "./system-call";
import type { BlockEnvironment } from "./transaction";

export const WITHDRAWAL_REQUESTS_ADDRESS: Address = "0x00000961ef480eb55e80d19ad83579a64c007002";
export const CONSOLIDATION_REQUESTS_ADDRESS: Address = "0x0000bbddc7ce488642fb579f8b00f3a590007251";
export const BUILDER_DEPOSITS_ADDRESS: Address = "0x0000bff46984e3725691fa540a8c7589300d8282";
export const BUILDER_EXITS_ADDRESS: Address = "0x000064d678505ad48f8ccb093bc65613800e8282";
/** Request types and the contracts that have them. */
const CONTRACTS: readonly (readonly [number, Address])[] = [
  [1, WITHDRAWAL_REQUESTS_ADDRESS],
  [2, CONSOLIDATION_REQUESTS_ADDRESS],
];
const BUILDER_CONTRACTS: readonly (readonly [number, Address])[] = [
  [3, BUILDER_DEPOSITS_ADDRESS],
  [4, BUILDER_EXITS_ADDRESS],
];
/** mainnet's */
export const DEPOSIT_CONTRACT_ADDRESS: Address = "0x00000000219ab540356cbb839cbe05303d7705fa";
/** keccak256("DepositEvent(bytes,bytes,bytes,bytes,bytes)") */
const DEPOSIT_EVENT: Hash = "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5";

/** ABI encoding of the event's five byte strings: where each begins and how long it is. */
const DEPOSIT_FIELDS = [
  { offset: 160, size: 48 }, // public key
  { offset: 256, size: 32 }, // withdrawal credentials
  { offset: 320, size: 8 }, // amount
  { offset: 384, size: 96 }, // signature
  { offset: 512, size: 8 }, // index
] as const;
/** bytes */
const DEPOSIT_DATA_LENGTH = 576;
const NO_DATA = new Uint8Array(0);

export interface BlockRequest {
  /** 0 deposits, 1 withdrawals, 2 consolidations, 3 builders' deposits, 4 builders' exits */
  readonly type: number;
  readonly data: Uint8Array;
}

export type BlockRequests =
  | {
      readonly ok: true;
      readonly requests: readonly BlockRequest[];
      /** In the order in which they are to be applied. */
      readonly writes: readonly WriteSet[];
    }
  | { readonly ok: false; readonly reason: string };

/** Empty before Prague. `logs`: all of the block, in order. */
export async function collectRequests(
  engine: Engine,
  state: StateReader,
  environment: BlockEnvironment,
  logs: readonly Log[],
  depositContract: Address = DEPOSIT_CONTRACT_ADDRESS,
  recorder: ListRecorder | null = null,
): Promise<BlockRequests> {
  if (!forkRules(environment.rules).isActive(7685)) {
    return { ok: true, requests: [], writes: [] };
  }
  const deposits = collectDeposits(logs, depositContract);
  if (deposits === null) {
    return { ok: false, reason: "a deposit log has an unsupported layout (EIP-6110)" };
  }
  const requests: BlockRequest[] = [{ type: 0, data: deposits }];
  const writes: WriteSet[] = [];
  const overlay = new BlockOverlay(state);
  const contracts: readonly (readonly [number, Address])[] = forkRules(environment.rules).isActive(
    8282,
  )
    ? [...CONTRACTS, ...BUILDER_CONTRACTS]
    : CONTRACTS;
  for (const [type, address] of contracts) {
    const call = await systemCall(engine, overlay, environment, address, NO_DATA, recorder);
    if (!call.called) {
      return { ok: false, reason: `there is no code at the request contract ${address}` };
    }
    if (call.halt !== undefined) {
      return { ok: false, reason: `the request contract ${address} fails: ${call.halt.reason}` };
    }
    overlay.apply(call.writes);
    writes.push(call.writes);
    requests.push({ type, data: call.returnData });
  }
  return { ok: true, requests, writes };
}

/** requestsHash of the header (EIP-7685): empty requests are left out. */
export function requestsHash(requests: readonly BlockRequest[]): Hash {
  const outer = createHash("sha256");
  for (const { type, data } of requests) {
    if (data.length > 0) {
      outer.update(createHash("sha256").update(Uint8Array.of(type)).update(data).digest());
    }
  }
  return `0x${outer.digest("hex")}`;
}

/** Null if a log is not laid out as the deposit contract does it. */
function collectDeposits(logs: readonly Log[], depositContract: Address): Uint8Array | null {
  const deposits: Uint8Array[] = [];
  for (const { address, topics, data } of logs) {
    if (address === depositContract && topics[0] === DEPOSIT_EVENT) {
      const deposit = decodeDeposit(hexToBytes(data));
      if (deposit === null) {
        return null;
      }
      deposits.push(deposit);
    }
  }
  return Buffer.concat(deposits);
}

function decodeDeposit(data: Uint8Array): Uint8Array | null {
  if (data.length !== DEPOSIT_DATA_LENGTH) {
    return null;
  }
  const word = (at: number): bigint => bytesToBigInt(data.subarray(at, at + 32));
  const parts: Uint8Array[] = [];
  for (const [position, { offset, size }] of DEPOSIT_FIELDS.entries()) {
    if (word(position * 32) !== BigInt(offset) || word(offset) !== BigInt(size)) {
      return null;
    }
    parts.push(data.subarray(offset + 32, offset + 32 + size));
  }
  return Buffer.concat(parts);
}
