/**
 * Drawn calls replayed on footprints: no code runs, but each access of a recorded call goes where
 * its keys' sources lead under the drawn caller and arguments. Numbers from here carry the basis
 * "footprints".
 *
 * A key taken from a variable is that variable's value: the recorded one while the call goes to the
 * recorded place and leaves it unchanged, otherwise "the value of this place after so many writes".
 * So ids from a counter are different in every call, as they are on a chain.
 *
 * Owns: places of drawn calls, as a Workload. Does not own: the draw (redrawn-calls.ts), metrics.
 */
import type { Address, Hex } from "../../state/hex";
import { wordOf } from "../footprints/abi-codec";
import type { ViewedAccess } from "../footprints/call-view";
import type { Key } from "../footprints/footprint";
import type { RoleOfAccess } from "../footprints/infer-footprints";
import type { KeySource } from "../footprints/key-source";
import { LocationIndex } from "../location-index";
import type { Workload, WorkloadTransaction } from "../workload";
import { partValue } from "../write-rule";
import { Random } from "./random";
import type { RedrawnCall } from "./redrawn-calls";

/** Where the numbers of a drawn workload come from. */
export type ReplayBasis = "footprints" | "execution" | "mixed";

/** Keys that come from keys that come from keys: further than this the recorded value stays. */
const MAX_DEPTH = 8;
const NO_ACCOUNT: Address = "0x0000000000000000000000000000000000000000";

interface Touch {
  readonly place: string;
  readonly access: ViewedAccess;
}

/** Replays calls one after the other. */
export class FootprintReplay {
  /** Changes of each place so far. */
  readonly #versions = new Map<string, number>();
  readonly #locations = new LocationIndex();
  readonly #slots = new Map<string, bigint>();
  readonly #transactions: WorkloadTransaction[] = [];
  #unknown = 0;

  /** Accesses that went to their recorded place because their key's source is not known. */
  get unknownKeys(): number {
    return this.#unknown;
  }

  /** @param gas what the call weighs; as recorded unless given */
  add(call: RedrawnCall, gas = call.recorded.view.gas): WorkloadTransaction {
    const touches = call.recorded.accesses.map(
      (one): Touch => ({ place: this.#place(one, call, 0), access: one.access }),
    );
    const reads = new Set<number>();
    const writes = new Set<number>();
    const silent = new Set<number>();
    for (const { place, access } of touches) {
      const location = this.#location(place, access);
      if (access.read) {
        reads.add(location);
      }
      if (access.write) {
        writes.add(location);
        if (isSilent(access)) {
          silent.add(location);
        }
      }
    }
    for (const place of new Set(touches.filter(movesOn).map((touch) => touch.place))) {
      this.#versions.set(place, (this.#versions.get(place) ?? 0) + 1);
    }
    const position = this.#transactions.length;
    const transaction: WorkloadTransaction = {
      position,
      block: 0,
      transactionIndex: position,
      sender:
        call.user === null ? call.recorded.view.sender : `0x${hexNumber(BigInt(call.user), 40)}`,
      setup: false,
      gas,
      executionGas: gas,
      failed: false,
      reads: [...reads],
      writes: [...writes],
      silentWrites: silent,
      changes: new Map(),
      credits: new Set(),
      value: 0n,
      feeWrites: new Set(),
      cleared: [],
      removed: [],
      entries: [],
      accesses: [],
    };
    this.#transactions.push(transaction);
    return transaction;
  }

  /** What was added, as one block. */
  workload(): Workload {
    return {
      transactions: this.#transactions,
      blocks: [],
      locations: this.#locations,
      functions: new Map(),
      observed: {
        blocksParallel: 0,
        blocksInThread: 0,
        blocksSequential: 0,
        reexecutions: 0,
        aborts: 0,
        fallbacks: new Map(),
      },
      rootChecks: { checkedBlocks: 0, equalBlocks: 0, firstUnequal: null },
    };
  }

  #location(place: string, access: ViewedAccess): number {
    const slot = this.#slots.get(place) ?? BigInt(this.#slots.size);
    this.#slots.set(place, slot);
    return this.#locations.number(
      0,
      access.kind === "balance"
        ? { kind: "balance", address: `0x${hexNumber(slot + 1n, 40)}` }
        : { kind: "storage", address: NO_ACCOUNT, slot },
    );
  }

  #place({ access, role }: RoleOfAccess, call: RedrawnCall, depth: number): string {
    const described = call.model.footprint.accesses[role];
    const keys: readonly (Key | undefined)[] =
      described === undefined ? [] : [described.owner, ...described.keys];
    const components = access.components.map((recorded, position) => {
      const [source] = keys[position]?.candidates ?? [];
      if (source === undefined) {
        this.#unknown += depth === 0 ? 1 : 0;
        return recorded;
      }
      return this.#value(source, recorded, call, depth);
    });
    return placeName(access, components);
  }

  #value(source: KeySource, recorded: Hex, call: RedrawnCall, depth: number): string {
    switch (source.kind) {
      case "sender":
      case "origin":
        return call.user === null ? recorded : `user:${call.user}`;
      case "argument":
        return call.argument(recorded) ?? recorded;
      case "remainder":
        return this.#remainder(source, recorded, call);
      case "storage":
        return depth < MAX_DEPTH ? this.#stored(source, recorded, call, depth + 1) : recorded;
      default:
        return recorded;
    }
  }

  /** A drawn user's or key's number, spread over the buckets as addresses and hashes are. */
  #remainder(
    { of, modulus }: Extract<KeySource, { kind: "remainder" }>,
    recorded: Hex,
    call: RedrawnCall,
  ): string {
    const [dividend] = call.recorded.view.sources.values(of);
    const drawn = dividend === undefined ? recorded : this.#value(of, dividend, call, 0);
    if (drawn === dividend || dividend === undefined) {
      return recorded;
    }
    let seed = 0;
    for (const character of drawn) {
      seed = (Math.imul(seed, 31) + character.charCodeAt(0)) >>> 0;
    }
    return wordOf(BigInt(new Random(seed).below(modulus)));
  }

  #stored(
    { contract, variable, when }: Extract<KeySource, { kind: "storage" }>,
    recorded: Hex,
    call: RedrawnCall,
    depth: number,
  ): string {
    const found = call.recorded.accesses.find(({ access }) =>
      access.parts.some((part) => {
        const word = when === "before" ? access.before : access.after;
        return (
          access.contract === contract &&
          part.variable === variable &&
          word !== null &&
          wordOf(partValue(part, word)) === recorded
        );
      }),
    );
    if (found === undefined) {
      return recorded;
    }
    const place = this.#place(found, call, depth);
    const isRecorded = place === placeName(found.access, found.access.components);
    if (isRecorded && !movesOn({ place, access: found.access })) {
      return recorded;
    }
    const version = (this.#versions.get(place) ?? 0) + (when === "after" ? 1 : 0);
    return `(${place} #${version})`;
  }
}

function placeName({ kind, variable }: ViewedAccess, components: readonly string[]): string {
  return `${kind} ${variable} ${components.join(" ")}`;
}

function isSilent({ before, after }: ViewedAccess): boolean {
  return before !== null && before === after;
}

function movesOn({ access }: Touch): boolean {
  return access.write && !isSilent(access);
}

function hexNumber(value: bigint, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
