/**
 * Logs of an execution together with a log for every movement of ether, in the form of an ERC-20
 * Transfer of the address that ERC-7528 gives ether (eth_simulateV1's traceTransfers).
 */
import type { EnteredFrame, FrameObserver, LeftFrame } from "../execution/engine/frame-observer";
import type { Log } from "../execution/outcome";
import { bigIntToHex32 } from "../state/bytes";
import type { Address, Hash } from "../state/hex";

const ETHER: Address = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
/** keccak256("Transfer(address,address,uint256)") */
const TRANSFER: Hash = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

interface OpenFrame {
  /** the frame's transfer, without the receiver of a creation until its address is known */
  readonly transfer: EnteredFrame | null;
  readonly logs: Log[];
}

export class TransferLogs implements FrameObserver {
  readonly #open: OpenFrame[] = [];
  readonly #logs: Log[] = [];

  /** Logs of frames that succeeded, in the order of execution. */
  get logs(): readonly Log[] {
    return this.#logs;
  }

  enter(frame: EnteredFrame): void {
    // those two run code with a value that does not move
    const moves = frame.value > 0n && frame.kind !== "delegatecall" && frame.kind !== "callcode";
    this.#open.push({ transfer: moves ? frame : null, logs: [] });
  }

  exit({ halt, createdAddress }: LeftFrame): void {
    const frame = this.#open.pop();
    if (frame === undefined || halt !== undefined) {
      return;
    }
    const logs = this.#open.at(-1)?.logs ?? this.#logs;
    const receiver = frame.transfer?.to ?? createdAddress;
    if (frame.transfer !== null && receiver !== undefined) {
      logs.push(transferLog(frame.transfer.from, receiver, frame.transfer.value));
    }
    logs.push(...frame.logs);
  }

  log(log: Log): void {
    this.#open.at(-1)?.logs.push(log);
  }
}

function transferLog(from: Address, to: Address, value: bigint): Log {
  const topics = [TRANSFER, bigIntToHex32(BigInt(from)), bigIntToHex32(BigInt(to))];
  return { address: ETHER, topics, data: bigIntToHex32(value) };
}
