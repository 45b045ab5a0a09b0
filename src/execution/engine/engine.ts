/**
 * The EVM behind one small interface. An engine runs one message (a call or a creation with all its
 * inner frames) on a state view; transaction rules (nonce, fees, refunds, authorizations) are not
 * its business: transaction-processing does them once for every engine.
 *
 * An engine holds no state between messages and may answer synchronously.
 */
import type { Address, Hash } from "../../state/hex";
import type { EncodedLogs } from "../encoded-logs";
import type { ListRecorder } from "../list-operations";
import type { Halt } from "../outcome";
import type { StateView } from "../state-view";
import type { AccessListItem, BlockEnvironment } from "../transaction";
import type { CodeShare } from "./fast/wasm/code-share";
import type { FrameObserver } from "./frame-observer";

export interface Message {
  readonly caller: Address;
  /** null = creation; `data` is then the init code */
  readonly to: Address | null;
  /** wei; already known to be covered by the caller's balance */
  readonly value: bigint;
  readonly data: Uint8Array;
  /** gas available to the message (intrinsic gas already taken off) */
  readonly gasLimit: bigint;
  /** wei per gas: GASPRICE */
  readonly gasPrice: bigint;
  readonly origin: Address;
  readonly blobVersionedHashes: readonly Hash[];
  /** Addresses and slots that are warm from the start (EIP-2929, 2930, 3651, 7702). */
  readonly warmAddresses: readonly Address[];
  readonly warmSlots: readonly AccessListItem[];
  /** Nonce the caller had before the transaction bumped it: gives the created address. */
  readonly callerNonce: bigint;
  /** gas set apart for growth of the state, on top of gasLimit (EIP-8037); absent: 0 */
  readonly stateGasReservoir?: bigint;
}

/** Gas for growth of the state, which is metered beside all other gas (EIP-8037). */
export interface StateGasUse {
  /** gas charged, less what was given back; a part of it may have come out of gasLimit */
  readonly used: bigint;
  /** gas left in the reservoir */
  readonly reservoir: bigint;
  /**
   * The gas did not last until the first opcode: the authorizations of the transaction, which belong to what
   * was being prepared, are taken back (EIP-2780). No frame was entered, unless the message is a creation.
   */
  readonly endedBeforeStart: boolean;
}

export interface MessageResult {
  readonly halt?: Halt;
  /** gas consumed out of gasLimit, before any refund */
  readonly gasUsed: bigint;
  /** refund counter (uncapped) */
  readonly gasRefund: bigint;
  readonly returnData: Uint8Array;
  readonly logs: EncodedLogs;
  readonly createdAddress: Address | null;
  /** Accounts to remove at the end of the transaction (EIP-6780 rule already applied). */
  readonly selfDestructed: readonly Address[];
  /** Accounts touched (EIP-161: to be removed if empty). */
  readonly touched: readonly Address[];
  /** Absent before EIP-8037. */
  readonly stateGas?: StateGasUse;
}

/** Sees every frame and opcode access; absent = nothing is observed and costs nothing. */
export interface EngineHooks {
  /** data sent to the console address (0x000000000000000000636F6e736F6c652e6c6f67), in order */
  onConsoleLog?(data: Uint8Array): void;
  /** every opcode, for debug_traceTransaction; synchronous */
  onStep?(step: EngineStep): void;
  /** frames and their logs, for tracers of calls */
  readonly frames?: FrameObserver;
  /** what the message does to the block-level access list (EIP-7928) */
  readonly listRecorder?: ListRecorder;
}

export interface EngineStep {
  readonly pc: number;
  readonly opcode: number;
  readonly opcodeName: string;
  readonly gasLeft: bigint;
  readonly gasCost: bigint;
  readonly depth: number;
  readonly stack: readonly bigint[];
  readonly memory: Uint8Array;
  readonly address: Address;
  /** refund counter before the opcode; exact for SSTORE only where frames are observed */
  readonly gasRefund: bigint;
}

export interface Engine {
  /** compiled code in common with engines of other threads; absent: it has none */
  readonly codeShare?: CodeShare;
  run(
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks?: EngineHooks,
  ): MessageResult | Promise<MessageResult>;
}
