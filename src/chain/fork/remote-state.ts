/**
 * The state after one block of the remote: a StateSource over JSON-RPC.
 *
 * Owns: which calls an account and a slot are, and what this run and the disk already know. An account
 * is three calls, a slot one; a fetch is one batch.
 */
import { invariant } from "../../errors/base-error";
import { hexToBytes } from "../../state/bytes";
import type { Hash } from "../../state/hex";
import type {
  SourceAccount,
  SourceKeys,
  SourceValues,
  StateSource,
} from "../../state/state-source";
import { Answer } from "./answer-reader";
import { type ForkCache, type KnownState, slotText } from "./fork-cache";
import type { JsonRpcClient, RemoteCall } from "./json-rpc-client";

const CALLS_PER_ACCOUNT = 3;

export class RemoteState implements StateSource {
  readonly #client: JsonRpcClient;
  readonly #cache: ForkCache | null;
  readonly #block: { readonly number: bigint; readonly hash: Hash };
  readonly #known: KnownState;

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
    const { accounts, slots } = this.#known;
    const unknown: SourceKeys = {
      accounts: keys.accounts.filter((address) => !accounts.has(address)),
      slots: keys.slots.filter(({ address, slot }) => !slots.has(slotText(address, slot))),
    };
    if (unknown.accounts.length + unknown.slots.length > 0) {
      const values = await this.#ask(unknown);
      unknown.accounts.forEach((address, i) => {
        const account = values.accounts[i];
        invariant(account !== undefined, "a fetch answers all keys");
        accounts.set(address, account);
      });
      unknown.slots.forEach(({ address, slot }, i) => {
        slots.set(slotText(address, slot), values.slots[i] ?? 0n);
      });
      this.#cache?.addState(this.#block.number, this.#block.hash, unknown, values);
    }
    return {
      accounts: keys.accounts.map((address) => {
        const account = accounts.get(address);
        invariant(account !== undefined, "what was fetched is known");
        return account;
      }),
      slots: keys.slots.map(({ address, slot }) => slots.get(slotText(address, slot)) ?? 0n),
    };
  }

  async #ask({ accounts, slots }: SourceKeys): Promise<SourceValues> {
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
    const results = await this.#client.batch(calls);
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
