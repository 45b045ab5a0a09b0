/** The first parameter of eth_simulateV1, with the names that clients give to header fields. */
import type { Address, Hash } from "../../state/hex";
import type { Json } from "./place";
import { address, boolean, hash, list, optional, type Parser, u64, u256 } from "./scalars";
import { type AccountOverrideParams, accountOverrideFields } from "./state-overrides";
import { map, struct } from "./struct";
import { type SimulatedCallParams, simulatedCallParams } from "./transaction-request";

export interface BlockOverrideParams {
  readonly number: bigint | undefined;
  readonly difficulty: bigint | undefined;
  /** seconds */
  readonly time: bigint | undefined;
  /** gas */
  readonly gasLimit: bigint | undefined;
  readonly feeRecipient: Address | undefined;
  readonly prevRandao: Hash | undefined;
  /** wei per gas */
  readonly baseFeePerGas: bigint | undefined;
  readonly beaconRoot: Hash | undefined;
  /** not supported: refused where they are given */
  readonly blobBaseFee: Json | undefined;
  readonly withdrawals: Json | undefined;
}

export interface SimulatedAccountParams extends AccountOverrideParams {
  /** not supported: refused where it is given */
  readonly movePrecompileToAddress: Address | undefined;
}

export interface SimulatedBlockParams {
  readonly blockOverrides: BlockOverrideParams | undefined;
  readonly stateOverrides: ReadonlyMap<Address, SimulatedAccountParams> | undefined;
  readonly calls: readonly SimulatedCallParams[] | undefined;
}

export interface SimulationParams {
  readonly blockStateCalls: readonly SimulatedBlockParams[];
  readonly validation: boolean | undefined;
  readonly traceTransfers: boolean | undefined;
  readonly returnFullTransactions: boolean | undefined;
}

const anything: Parser<Json> = (value) => value;

const blockOverrides = struct<BlockOverrideParams>({
  name: "BlockOverrides",
  fields: {
    number: optional(u64),
    difficulty: optional(u256),
    time: optional(u64),
    gasLimit: optional(u64),
    feeRecipient: optional(address),
    prevRandao: optional(hash),
    baseFeePerGas: optional(u256),
    beaconRoot: optional(hash),
    blobBaseFee: optional(anything),
    withdrawals: optional(anything),
  },
  aliases: { coinbase: "feeRecipient", random: "prevRandao", baseFee: "baseFeePerGas" },
});

const accountOverride = struct<SimulatedAccountParams>({
  name: "AccountOverride",
  fields: { ...accountOverrideFields, movePrecompileToAddress: optional(address) },
});

const simulatedBlock = struct<SimulatedBlockParams>({
  name: "BlockStateCall",
  fields: {
    blockOverrides: optional(blockOverrides),
    stateOverrides: optional(map(address, accountOverride)),
    calls: optional(list(simulatedCallParams)),
  },
});

export const simulationParams: Parser<SimulationParams> = struct<SimulationParams>({
  name: "SimulatePayload",
  fields: {
    blockStateCalls: list(simulatedBlock),
    validation: optional(boolean),
    traceTransfers: optional(boolean),
    returnFullTransactions: optional(boolean),
  },
  required: ["blockStateCalls"],
});
