/**
 * What all frames of one message share: the state view, the journal, the block, the rules, and the frames
 * that are open. Made once per message.
 */
import type { Address } from "../../../state/hex";
import type { StateView } from "../../state-view";
import type { BlockEnvironment } from "../../transaction";
import type { Message } from "../engine";
import type { BlockWords } from "./block-words";
import type { CodeCache } from "./code-analysis";
import type { Tiers } from "./compiled/tiers";
import type { Frame } from "./frame";
import type { MessageJournal } from "./message-journal";
import type { MessageWords } from "./message-words";
import type { Precompiles } from "./precompiles";
import type { Schedule } from "./schedule";
import type { Workspaces } from "./workspace";

export interface Context {
  readonly schedule: Schedule;
  readonly view: StateView;
  readonly journal: MessageJournal;
  readonly environment: BlockEnvironment;
  readonly block: BlockWords;
  readonly message: Message;
  readonly words: MessageWords;
  readonly codes: CodeCache;
  readonly workspaces: Workspaces;
  readonly tiers: Tiers;
  readonly precompiles: Precompiles;
  /** what console.log was called with; told once the message has ended, which may have to begin again */
  readonly consoleLines: Uint8Array[];
  readonly tracing: boolean;
  readonly unlimitedCodeSize: boolean;
  /** Frames that have begun and not ended, outermost first. */
  readonly frames: Frame[];
}

/**
 * EIP-2929's price of touching an account, which is warm from now on.
 * @returns gas: 0 before Berlin (the static price of the opcode holds then)
 */
export function accountAccessGas(context: Context, address: Address): number {
  const { schedule } = context;
  if (!schedule.warmAccess) {
    return 0;
  }
  return context.journal.warmAddress(address) ? schedule.coldAccount : schedule.warmRead;
}
