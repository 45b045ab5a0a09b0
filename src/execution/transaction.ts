/**
 * A transaction and a block as the executor takes them: plain, structured-clonable data with every
 * signature already recovered. The executor never sees RLP, keys or JSON-RPC.
 */
import type { Address, Hash, Hex } from "../state/hex";

export interface AccessListItem {
  readonly address: Address;
  readonly slots: readonly bigint[];
}

/** EIP-7702 authorization; `authority` is null where the signature or its fields are invalid. */
export interface Authorization {
  readonly chainId: bigint;
  readonly address: Address;
  readonly nonce: bigint;
  readonly authority: Address | null;
}

export interface TransactionInput {
  /** 0 legacy, 1 EIP-2930, 2 EIP-1559, 3 EIP-4844, 4 EIP-7702 */
  readonly type: 0 | 1 | 2 | 3 | 4;
  readonly hash: Hash;
  readonly from: Address;
  /** null = contract creation */
  readonly to: Address | null;
  readonly nonce: bigint;
  /** gas */
  readonly gasLimit: bigint;
  /** wei per gas: gasPrice of types 0 and 1, maxFeePerGas of the others. */
  readonly maxFeePerGas: bigint;
  /** wei per gas: gasPrice of types 0 and 1, maxPriorityFeePerGas of the others. */
  readonly maxPriorityFeePerGas: bigint;
  /** wei */
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListItem[];
  readonly blobVersionedHashes: readonly Hash[];
  /** wei per blob gas; 0 without blobs */
  readonly maxFeePerBlobGas: bigint;
  readonly authorizationList: readonly Authorization[];
}

/** Rules of the chain a block is executed under; equal for all blocks of a run. */
export interface ExecutionRules {
  readonly chainId: bigint;
  /** ethereumjs name: chainstart … prague, osaka, bpo1 …, amsterdam (experimental) */
  readonly hardfork: string;
  /** Additional EIPs on top of the hardfork (conformance vectors); normally empty. */
  readonly eips?: readonly number[];
  readonly allowUnlimitedContractSize: boolean;
  /** EIP-3607 is off: local networks let impersonated contracts send (default false). */
  readonly allowSenderWithCode?: boolean;
  /** gas; EIP-7825 cap per transaction, null = none. From EIP-8037 on: of what is not for growth of the state. */
  readonly transactionGasCap: bigint | null;
  /** blob schedule override of the hardfork (EIP-7892), else the hardfork's own */
  readonly blobSchedule?: {
    readonly target: number;
    readonly max: number;
    readonly baseFeeUpdateFraction: number;
  };
}

export interface Withdrawal {
  readonly index: bigint;
  readonly validatorIndex: bigint;
  readonly address: Address;
  /** gwei */
  readonly amount: bigint;
}

export interface BlockEnvironment {
  readonly rules: ExecutionRules;
  readonly number: bigint;
  /** seconds */
  readonly timestamp: bigint;
  readonly coinbase: Address;
  /** gas */
  readonly gasLimit: bigint;
  /** wei per gas; null before London */
  readonly baseFeePerGas: bigint | null;
  readonly difficulty: bigint;
  /** mixHash: PREVRANDAO from Paris on */
  readonly prevRandao: Hash;
  /** null before Cancun */
  readonly excessBlobGas: bigint | null;
  readonly parentBeaconBlockRoot: Hash | null;
  /** slot of the consensus layer (EIP-7843); absent: 0 */
  readonly slotNumber?: bigint;
  readonly parentHash: Hash;
  /** Hashes of up to 256 ancestors that BLOCKHASH may ask for, by number. */
  readonly blockHashes: ReadonlyMap<bigint, Hash>;
  /** On a fork: ancestors up to this one may not be in `blockHashes` yet (MissingState). */
  readonly lastRemoteAncestor?: bigint;
}

export type { Hex };
