/**
 * The state after one block of the remote: a StateSource over JSON-RPC.
 *
 * Owns: which calls an account and a slot are, what this run and the disk already know, what is on its
 * way. An account is three calls, a slot one; a fetch is one batch. What is fetched ahead goes in HTTP
 * requests of its own, tried once: it can neither delay nor spoil what is needed.
 */
import { invariant, isParallelError } from "../../errors/base-error";
import { hexToBytes } from "../../state/bytes";
import type { Address, Hash } from "../../state/hex";
import type {
  SourceAccount,
  SourceKeys,
  SourceValues,
  StateSource,
} from "../../state/state-source";
import { Answer } from "./answer-reader";
import { type ForkCache, type KnownState, slotText } from "./fork-cache";
import { type JsonRpcClient, PARALLEL_REQUESTS, type RemoteCall } from "./json-rpc-client";
import {
  CALLS_PER_ACCOUNT,
  type Entry,
  entriesOf,
  inParts,
  keysOf,
  textsOf,
} from "./source-entries";

/** Keys that are fetched ahead in one HTTP request. */
interface Part {
  readonly keys: SourceKeys;
  readonly arrived: (keys: SourceKeys, values: SourceValues) => void;
}

export class RemoteState implements StateSource {
  readonly #client: JsonRpcClient;
  readonly #cache: ForkCache | null;
  readonly #block: { readonly number: bigint; readonly hash: Hash };
  readonly #known: KnownState;
  /** what is on its way, by `slotText` or address; resolved, never rejected, when it is here or failed */
  readonly #underway = new Map<string, Promise<void>>();
  /** to be fetched ahead when there is room */
  readonly #waiting: Part[] = [];
  #partsUnderway = 0;
  /** False from a fetch ahead that failed to the next needed one that did not. */
  #fetchesAhead = true;

  /** @param cache null = this block is not kept on disk */
  constructor(
    client: JsonRpcClient,
    cache: ForkCache | null,
    block: { readonly number: bigint; readonly hash: Hash },
  ) {
    this.#client = client;
    this.#cache = cache;
    this.#block = block;
    this.#known = cache?.readState(block.number, block.hash) ?? {
      accounts: new Map(),
      slots: new Map(),
    };
  }

  async fetch(keys: SourceKeys): Promise<SourceValues> {
    const unknown = this.#unknown(keys);
    const underway = textsOf(unknown).flatMap((text) => this.#underway.get(text) ?? []);
    if (underway.length > 0) {
      await Promise.all([this.#fetchNeeded(this.#notUnderway(unknown)), ...new Set(underway)]);
    }
    await this.#fetchNeeded(this.#unknown(unknown));
    return this.#valuesOf(keys);
  }

  prefetch(keys: SourceKeys, arrived: Part["arrived"]): void {
    if (!this.#fetchesAhead) {
      return;
    }
    const isKnown = ([text]: Entry) => this.#isKnown(text);
    const entries = entriesOf(keys);
    const known = keysOf(entries.filter(isKnown));
    if (known.accounts.length + known.slots.length > 0) {
      arrived(known, this.#valuesOf(known));
    }
    for (const part of inParts(entries.filter((entry) => !isKnown(entry)))) {
      this.#waiting.push({ keys: part, arrived });
    }
    this.#fetchAhead();
  }

  /** Sends what waits, as far as there is room. */
  #fetchAhead(): void {
    const room = this.#client.takesBatches ? PARALLEL_REQUESTS : 1;
    while (this.#partsUnderway < room) {
      const part = this.#waiting.shift();
      if (part === undefined) {
        return;
      }
      // Meanwhile somebody may have needed some of it.
      const keys = this.#notUnderway(this.#unknown(part.keys));
      if (keys.accounts.length + keys.slots.length > 0) {
        this.#partsUnderway++;
        void this.#takeAhead(keys, part.arrived);
      }
    }
  }

  async #takeAhead(keys: SourceKeys, arrived: Part["arrived"]): Promise<void> {
    try {
      arrived(keys, await this.#take(keys, 1));
    } catch (error) {
      if (!isParallelError(error)) {
        throw error;
      }
      // Who needs it will ask, and be told. Until the remote is well it is asked for nothing else.
      this.#fetchesAhead = false;
      this.#waiting.length = 0;
    } finally {
      this.#partsUnderway--;
      this.#fetchAhead();
    }
  }

  async #fetchNeeded(keys: SourceKeys): Promise<void> {
    if (keys.accounts.length + keys.slots.length > 0) {
      await this.#take(keys);
      this.#fetchesAhead = true;
    }
  }

  /** Fetches the keys and keeps the values. */
  #take(keys: SourceKeys, attempts?: number): Promise<SourceValues> {
    const texts = textsOf(keys);
    const taken = this.#askAndKeep(keys, attempts).finally(() => {
      for (const text of texts) {
        this.#underway.delete(text);
      }
    });
    const settled = taken.then(
      () => undefined,
      () => undefined, // whoever awaits `taken` is told
    );
    for (const text of texts) {
      this.#underway.set(text, settled);
    }
    return taken;
  }

  async #askAndKeep(keys: SourceKeys, attempts: number | undefined): Promise<SourceValues> {
    const values = await this.#ask(keys, attempts);
    keys.accounts.forEach((address, i) => {
      const account = values.accounts[i];
      invariant(account !== undefined, "a fetch answers all keys");
      this.#known.accounts.set(address, account);
    });
    keys.slots.forEach(({ address, slot }, i) => {
      this.#known.slots.set(slotText(address, slot), values.slots[i] ?? 0n);
    });
    this.#cache?.addState(this.#block.number, this.#block.hash, keys, values);
    return values;
  }

  #isKnown(text: string): boolean {
    return this.#known.accounts.has(text as Address) || this.#known.slots.has(text); // a text is one or the other
  }

  #unknown(keys: SourceKeys): SourceKeys {
    return keysOf(entriesOf(keys).filter(([text]) => !this.#isKnown(text)));
  }

  #notUnderway(keys: SourceKeys): SourceKeys {
    return keysOf(entriesOf(keys).filter(([text]) => !this.#underway.has(text)));
  }

  #valuesOf(keys: SourceKeys): SourceValues {
    const { accounts, slots } = this.#known;
    return {
      accounts: keys.accounts.map((address) => {
        const account = accounts.get(address);
        invariant(account !== undefined, "what was fetched is known");
        return account;
      }),
      slots: keys.slots.map(({ address, slot }) => slots.get(slotText(address, slot)) ?? 0n),
    };
  }

  async #ask({ accounts, slots }: SourceKeys, attempts: number | undefined): Promise<SourceValues> {
    const at = `0x${this.#block.number.toString(16)}`;
    const calls: RemoteCall[] = accounts.flatMap((address) => [
      { method: "eth_getBalance", params: [address, at] },
      { method: "eth_getTransactionCount", params: [address, at] },
      { method: "eth_getCode", params: [address, at] },
    ]);
    for (const { address, slot } of slots) {
      calls.push({
        method: "eth_getStorageAt",
        params: [address, `0x${slot.toString(16)}`, at],
      });
    }
    const results = await this.#client.batch(calls, attempts);
    const answer = (index: number): Answer =>
      new Answer(this.#client.host, calls[index]?.method ?? "", results[index]);
    const slotsFrom = accounts.length * CALLS_PER_ACCOUNT;
    return {
      accounts: accounts.map((_, i): SourceAccount => {
        const first = i * CALLS_PER_ACCOUNT;
        return {
          balance: answer(first).quantity(),
          nonce: answer(first + 1).quantity(),
          code: hexToBytes(answer(first + 2).bytes()),
        };
      }),
      // some nodes answer null for a slot that was never written
      slots: slots.map((_, i) => answer(slotsFrom + i).optional((value) => value.quantity()) ?? 0n),
    };
  }
}
