/**
 * What the protocol does before the first transaction: the beacon root (EIP-4788) and the parent hash
 * (EIP-2935) go into their contracts. Where there is no such contract, nothing happens, and a failing
 * call changes nothing: both as the EIPs say.
 */
import { hexToBytes } from "../state/bytes";
import type { Address } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import { EMPTY_WRITE_SET, type WriteSet } from "../state/write-set";
import type { Engine } from "./engine/engine";
import { forkRules } from "./fork-rules";
import type { ListRecorder } from "./list-operations";
import { systemCall } from "./system-call";
import type { BlockEnvironment } from "./transaction";

export const BEACON_ROOTS_ADDRESS: Address = "0x000f3df6d732807ef1319fb7b8bb8522d0beac02";
export const HISTORY_STORAGE_ADDRESS: Address = "0x0000f90827f1c53a10cb7a02335b175320002935";

/** EIP-4788; empty before Cancun or without a root. The caller applies the writes. */
export async function recordBeaconRoot(
  engine: Engine,
  state: StateReader,
  environment: BlockEnvironment,
  recorder: ListRecorder | null = null,
): Promise<WriteSet> {
  const root = environment.parentBeaconBlockRoot;
  if (!forkRules(environment.rules).isActive(4788) || root === null) {
    return EMPTY_WRITE_SET;
  }
  const target = BEACON_ROOTS_ADDRESS;
  const call = await systemCall(engine, state, environment, target, hexToBytes(root), recorder);
  return call.writes;
}

/** EIP-2935; empty before Prague. The caller applies the writes. */
export async function recordParentHash(
  engine: Engine,
  state: StateReader,
  environment: BlockEnvironment,
  recorder: ListRecorder | null = null,
): Promise<WriteSet> {
  if (!forkRules(environment.rules).isActive(2935)) {
    return EMPTY_WRITE_SET;
  }
  const parentHash = hexToBytes(environment.parentHash);
  const target = HISTORY_STORAGE_ADDRESS;
  const call = await systemCall(engine, state, environment, target, parentHash, recorder);
  return call.writes;
}
