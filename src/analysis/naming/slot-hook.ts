/**
 * The project's own names for slots that nothing else could name: storage that assembly lays out,
 * contracts without a source.
 *
 * Owns: the contract between a user's function and the naming, and that what it gives is a name.
 * Does not own: when it is asked (naming.ts).
 */
import { ParallelError } from "../../errors/base-error";
import { ERRORS } from "../../errors/catalogue";
import type { Address, Hash, Hex } from "../../state/hex";
import type { SlotName } from "../slot-name";

/** A slot without a name. */
export interface SlotQuery {
  /** the account whose storage it is, lower-case */
  readonly address: Address;
  readonly slot: bigint;
  /** name of the contract of the storage; its address where it is unknown */
  readonly contract: string;
  /** hash of the runtime code that accessed it, if one is known to have */
  readonly codeHash: Hash | null;
  /** the nearest place below that the run hashed, with what it hashed; null if there is none */
  readonly root: {
    readonly preimage: Hex;
    /** slots between the hash and the slot: 0 for the hash itself */
    readonly distance: bigint;
  } | null;
}

export interface ResolvedSlot {
  /** `balances[0xa11c…]` */
  readonly label: string;
  /** The label with keys left out, by which slots are grouped. Default: every `[…]` is `[*]`. */
  readonly variable?: string;
}

/** Names a slot, or gives null or undefined if it has no name for it. */
export type SlotHook = (slot: SlotQuery) => ResolvedSlot | string | null | undefined;

function describe({ contract, slot }: SlotQuery): string {
  return `${contract}.slot 0x${slot.toString(16)}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && !/\p{Cc}/u.test(value);
}

/**
 * Asks the user's function. Null if it has no name for the slot.
 * @throws ParallelError SLOT_RESOLVER_FAILED, SLOT_RESOLVER_INVALID
 */
export function askHook(hook: SlotHook, query: SlotQuery): SlotName | null {
  let answer: unknown;
  try {
    answer = hook(query);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParallelError(
      ERRORS.SLOT_RESOLVER_FAILED,
      { slot: describe(query), reason },
      { cause },
    );
  }
  if (answer === null || answer === undefined) {
    return null;
  }
  const { label, variable } =
    typeof answer === "object" && "label" in answer
      ? { label: answer.label, variable: "variable" in answer ? answer.variable : undefined }
      : { label: answer, variable: undefined };
  if (!isText(label) || (variable !== undefined && !isText(variable))) {
    const actual = typeof answer === "object" ? JSON.stringify(answer) : String(answer);
    throw new ParallelError(ERRORS.SLOT_RESOLVER_INVALID, { slot: describe(query), actual });
  }
  return {
    contract: query.contract,
    label,
    variable: variable ?? withoutKeys(label),
    resolved: true,
  };
}

/** `a[1][b[2]].c` -> `a[*][*].c` */
function withoutKeys(label: string): string {
  let text = "";
  let depth = 0;
  for (const character of label) {
    depth -= character === "]" && depth > 0 ? 1 : 0;
    if (depth === 0) {
      text += character === "[" ? "[*" : character;
    }
    depth += character === "[" ? 1 : 0;
  }
  return text;
}
