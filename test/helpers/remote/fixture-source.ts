/** A remote state in memory: test accounts, given out in batches like a real one's. */
import { hexToBytes } from "../../../src/state/bytes";
import type { SourceKeys, SourceValues, StateSource } from "../../../src/state/state-source";
import type { TestAccounts } from "../parallel-equals-sequential";

export class FixtureSource implements StateSource {
  readonly #accounts: TestAccounts;
  /** what was asked for, batch by batch */
  readonly fetches: SourceKeys[] = [];

  constructor(accounts: TestAccounts) {
    this.#accounts = accounts;
  }

  async fetch(keys: SourceKeys): Promise<SourceValues> {
    this.fetches.push(keys);
    return {
      accounts: keys.accounts.map((address) => {
        const { balance = 0n, nonce = 0n, code = "0x" } = this.#accounts.get(address) ?? {};
        return { balance, nonce, code: hexToBytes(code) };
      }),
      slots: keys.slots.map(
        ({ address, slot }) => this.#accounts.get(address)?.storage?.get(slot) ?? 0n,
      ),
    };
  }

  /** Comes at once. */
  prefetch(keys: SourceKeys, arrived: (keys: SourceKeys, values: SourceValues) => void): void {
    void this.fetch(keys).then((values) => arrived(keys, values));
  }
}
