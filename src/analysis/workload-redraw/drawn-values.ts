/**
 * A drawn call as values: who calls, with which calldata, and which recorded values stand for which
 * others in the slots that it touches.
 *
 * Owns: the words of drawn users and keys. Does not own: the draw (redrawn-calls.ts).
 */
import { keccak256Hex } from "../../crypto/keccak256";
import type { Address, Hex } from "../../state/hex";
import { wordOf } from "../footprints/abi-codec";
import type { FunctionModel } from "../footprints/infer-footprints";
import type { KeySource } from "../footprints/key-source";
import { instanceArguments, type RedrawnCall } from "./redrawn-calls";
import type { Renaming } from "./slot-renaming";

/** Ids are small, hashes are not. */
const FIRST_HASH = 1n << 128n;
/** Drawn ids begin here: no recorded one is as large, and narrow types cut them to small ones. */
const FIRST_ID = 1n << 64n;

/** The word of a drawn user or key (`user:17`, `key:3`) that stands for a recorded value. */
export function drawnWord(name: string, recorded: Hex): Hex {
  const [kind, number = ""] = name.split(":");
  const hash = keccak256Hex(new TextEncoder().encode(`hardhat-parallel ${name}`));
  if (kind === "user") {
    return `0x${hash.slice(26).padStart(64, "0")}`;
  }
  const isId = /^\d+$/.test(number) && recorded.length === 66 && BigInt(recorded) < FIRST_HASH;
  return isId ? wordOf(FIRST_ID + BigInt(number)) : hash;
}

export function userAddress(user: number): Address {
  return addressIn(drawnWord(`user:${user}`, "0x"));
}

/** The address in a word. */
export function addressIn(word: Hex): Address {
  return `0x${word.slice(-40)}`;
}

/** Arguments of a function that are keys, and those that name contracts it works with. */
export interface KeyArguments {
  readonly keys: ReadonlySet<string>;
  readonly instances: ReadonlySet<string>;
}

export function keyArguments(model: FunctionModel): KeyArguments {
  const keys = new Set<string>();
  const add = (source: KeySource | undefined): void => {
    if (source?.kind === "argument") {
      keys.add(source.name);
    } else if (source?.kind === "remainder") {
      add(source.of);
    }
  };
  for (const { owner, keys: others } of model.footprint.accesses) {
    for (const { candidates } of [owner, ...others]) {
      add(candidates[0]);
    }
  }
  const instances = new Set<string>();
  for (const call of model.calls) {
    const values = instanceArguments(model, call);
    const { transaction, entry } = call.view.call;
    const input = transaction.entries[entry]?.frame.input ?? "0x";
    for (const { name, value } of model.decoder.decode(input)?.values ?? []) {
      if (values.has(value)) {
        instances.add(name);
      }
    }
  }
  return { keys, instances };
}

export interface DrawnValues {
  readonly from: Address;
  readonly data: Hex;
  readonly renaming: Renaming;
}

/** Null if the call's arguments are not known. `input` is the recorded calldata, whole. */
export function drawnValues(
  call: RedrawnCall,
  { keys, instances }: KeyArguments,
  sender: Address,
  input: Hex,
): DrawnValues | null {
  const { decoder } = call.model;
  const isKey = (name: string) =>
    !instances.has(name) && (keys.has(name) || keys.has(name.replace(/\[\d+\]$/, "[*]")));
  const data = decoder.replace(input, (name, value) => {
    const drawn = isKey(name) ? call.argument(value) : null;
    return drawn === null ? null : drawnWord(drawn, value);
  });
  const [before, after] = [decoder.decode(input), data === null ? null : decoder.decode(data)];
  if (data === null || before === null || after === null) {
    return null;
  }
  const renaming = new Map<Hex, Hex[]>();
  const rename = (old: Hex, now: Hex): void => {
    const known = renaming.get(old);
    if (known === undefined) {
      renaming.set(old, [now]);
    } else if (!known.includes(now)) {
      known.push(now);
    }
  };
  const from = call.user === null ? sender : userAddress(call.user);
  if (from !== sender) {
    rename(wordOf(BigInt(sender)), wordOf(BigInt(from)));
  }
  for (const [index, { value }] of before.values.entries()) {
    const now = after.values[index]?.value ?? value;
    if (now !== value) {
      rename(value, now);
    }
  }
  return { from, data, renaming };
}

/**
 * A stored value as the drawn call's would be: who was the sender is the drawn sender. Small numbers
 * stay: an amount may equal an id.
 */
export function renamedValue(value: bigint, renaming: Renaming): bigint {
  if (value < FIRST_ID) {
    return value;
  }
  const whole = renaming.get(wordOf(value))?.[0];
  if (whole !== undefined) {
    return BigInt(whole);
  }
  // an address beside other members of its slot
  const low = BigInt.asUintN(160, value);
  const address = low < FIRST_ID ? undefined : renaming.get(wordOf(low))?.[0];
  return address === undefined ? value : value - low + BigInt.asUintN(160, BigInt(address));
}
