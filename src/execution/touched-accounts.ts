/**
 * Which accounts exist after a transaction: touching before EIP-161, clearing after it.
 *
 * Before EIP-161 every touched account comes into being, empty or not. From it on, existing and
 * being empty exclude each other: touched accounts that are empty go. Accounts that
 * self-destructed go under every rule; from EIP-8246 on, their balances stay.
 */
import type { Address } from "../state/hex";
import type { ForkRules } from "./fork-rules";
import type { StateView } from "./state-view";

/** Makes the account exist where the rules say that touching does so. */
export function touch(view: StateView, rules: ForkRules, address: Address): void {
  if (!rules.clearsEmptyAccounts) {
    view.create(address);
  }
}

/** What SELFDESTRUCT leaves of an account (EIP-8246): its balance, and without one nothing. */
function clear(view: StateView, address: Address): void {
  if (!view.balanceAtLeast(address, 1n)) {
    view.destroy(address);
    return;
  }
  view.setCode(address, new Uint8Array(0));
  view.clearStorage(address);
  view.setNonce(address, 0n);
}

/** The end of a transaction (yellow paper, section 6.2: A_s and A_t). */
export function cleanUp(
  view: StateView,
  rules: ForkRules,
  selfDestructed: readonly Address[],
  touched: readonly Address[],
): void {
  const keepsBalances = rules.isActive(8246);
  if (selfDestructed.length > 0) {
    for (const address of new Set(selfDestructed)) {
      if (keepsBalances) {
        clear(view, address);
      } else {
        view.destroy(address);
      }
    }
  }
  if (!rules.clearsEmptyAccounts) {
    return;
  }
  // A few addresses: looking for them in the lists costs less than making sets.
  for (const [i, address] of touched.entries()) {
    const isFirst = touched.indexOf(address) === i;
    if (
      isFirst &&
      !selfDestructed.includes(address) &&
      view.isEmpty(address) &&
      view.exists(address)
    ) {
      view.destroy(address);
    }
  }
}
