/**
 * A reader that answers again what it has answered before: for an execution that runs twice, in whose middle
 * a lower transaction may write what the first run has read. Asks the reader below for everything else.
 *
 * Owns: the answers. Does not own: what was observed of them (observed-state.ts).
 * Invariant: an execution never sees two versions of one location.
 */
import type { Address, Hash } from "../state/hex";
import { type Location, locationKey } from "../state/location";
import type { ReadOrigin } from "../state/read-set";
import { type ListedLocation, present } from "./incarnation-sets";
import { type LocationId, type LocationReader, ReadBlocked } from "./location-reader";

interface Answer<Value> {
  readonly value: Value;
  readonly origin: ReadOrigin;
  readonly location: LocationId;
  /** see LocationReader */
  readonly unfinished?: number;
}

type Answers<Value> = Map<string, Answer<Value>>;

export class AnsweredReader implements LocationReader {
  readonly #below: LocationReader;
  readonly #numbers: Answers<bigint> = new Map();
  readonly #codeHashes: Answers<Hash> = new Map();
  readonly #lives: Answers<boolean> = new Map();
  readonly #hasStorage = new Map<Address, boolean>();
  /** null: the reader below answered last */
  #latest: Answer<unknown> | null = null;

  constructor(below: LocationReader, answered: Iterable<ListedLocation>) {
    this.#below = below;
    for (const listed of answered) {
      this.#remember(listed);
    }
  }

  get origin(): ReadOrigin {
    return this.#latest?.origin ?? this.#below.origin;
  }

  get location(): LocationId {
    return this.#latest?.location ?? this.#below.location;
  }

  get unfinished(): number {
    return this.#latest === null ? this.#below.unfinished : (this.#latest.unfinished ?? -1);
  }

  balanceBeforeBlock(address: Address): bigint {
    return this.#below.balanceBeforeBlock(address);
  }

  balance(address: Address, approximate?: boolean): bigint {
    const value = this.#answer(this.#numbers, { kind: "balance", address }, () =>
      this.#below.balance(address, approximate),
    );
    const unfinished = this.#latest?.unfinished ?? -1;
    if (approximate !== true && unfinished >= 0) {
      throw new ReadBlocked(unfinished);
    }
    return value;
  }

  nonce(address: Address): bigint {
    const location: Location = { kind: "nonce", address };
    return this.#answer(this.#numbers, location, () => this.#below.nonce(address));
  }

  codeHash(address: Address): Hash {
    const location: Location = { kind: "code", address };
    return this.#answer(this.#codeHashes, location, () => this.#below.codeHash(address));
  }

  code(codeHash: Hash): Uint8Array {
    return this.#below.code(codeHash);
  }

  exists(address: Address): boolean {
    const location: Location = { kind: "existence", address };
    return this.#answer(this.#lives, location, () => this.#below.exists(address));
  }

  hasStorage(address: Address): boolean {
    return this.#hasStorage.get(address) ?? this.#below.hasStorage(address);
  }

  storage(address: Address, slot: bigint): bigint {
    const location: Location = { kind: "storage", address, slot };
    return this.#answer(this.#numbers, location, () => this.#below.storage(address, slot));
  }

  #answer<Value>(answers: Answers<Value>, location: Location, ask: () => Value): Value {
    this.#latest = null;
    const known = answers.get(locationKey(location));
    if (known === undefined) {
      return ask();
    }
    this.#latest = known;
    return known.value;
  }

  #remember({ account, kind, slot }: ListedLocation): void {
    const { address } = account;
    switch (kind) {
      case "balance":
      case "nonce": {
        const number = kind === "balance" ? account.balanceBefore : account.nonceBefore;
        const { before, origin, location, unfinished } = number;
        const answer = { value: present(before), origin, location, unfinished };
        this.#numbers.set(locationKey({ kind, address }), answer);
        break;
      }
      case "code":
        this.#codeHashes.set(locationKey({ kind, address }), present(account.codeHashBefore));
        break;
      case "existence":
        this.#lives.set(locationKey({ kind, address }), present(account.existsBefore));
        if (account.hasStorageBefore !== undefined) {
          this.#hasStorage.set(address, account.hasStorageBefore);
        }
        break;
      case "storage": {
        const { slot: key, before, origin, location } = present(slot ?? undefined);
        const answer = { value: present(before), origin, location };
        this.#numbers.set(locationKey({ kind, address, slot: key }), answer);
        break;
      }
    }
  }
}
