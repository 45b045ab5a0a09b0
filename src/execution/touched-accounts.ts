/**
 * Which accounts exist after a transaction: touching before EIP-161, clearing after it.
 *
 * Before EIP-161 every touched account comes into being, empty or not. From it on, existing and
 * being empty exclude each other: touched accounts that are empty go. Accounts that
 * self-destructed go under every rule.
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

/** The end of a transaction (yellow paper, section 6.2: A_s and A_t). */
export function cleanUp(
  view: StateView,
  rules: ForkRules,
  selfDestructed: readonly Address[],
  touched: readonly Address[],
): void {
  for (const address of new Set(selfDestructed)) {
    view.destroy(address);
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
