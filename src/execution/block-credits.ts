/**
 * Ether that a block creates: withdrawals (EIP-4895) and, before the merge, the rewards of its miner
 * and ommers (yellow paper, section 11.3). The caller applies the writes.
 */
import type { Address } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { WriteSet } from "../state/write-set";
import { BlockOverlay } from "./block-overlay";
import { forkRules } from "./fork-rules";
import { IncarnationView } from "./incarnation-view";
import { cleanUp, touch } from "./touched-accounts";
import type { BlockEnvironment, Withdrawal } from "./transaction";

const WEI_PER_GWEI = 1_000_000_000n;
const WEI_PER_ETHER = 10n ** 18n;

export interface Ommer {
  readonly coinbase: Address;
  readonly number: bigint;
}

interface Credit {
  readonly address: Address;
  /** wei; 0 touches the account */
  readonly amount: bigint;
}

/** Withdrawals in gwei, each to its address. */
export function payWithdrawals(
  state: StateReader,
  environment: BlockEnvironment,
  withdrawals: readonly Withdrawal[],
): WriteSet {
  const credits = withdrawals.map(({ address, amount }) => ({
    address,
    amount: amount * WEI_PER_GWEI,
  }));
  return pay(state, environment, credits);
}

/** Rewards of proof of work; nothing from the merge (EIP-3675) on. */
export function payBlockReward(
  state: StateReader,
  environment: BlockEnvironment,
  ommers: readonly Ommer[],
): WriteSet {
  const reward = blockReward(environment);
  if (reward === 0n) {
    return pay(state, environment, []);
  }
  const credits = ommers.map(({ coinbase, number }) => ({
    address: coinbase,
    amount: ((8n - (environment.number - number)) * reward) / 8n,
  }));
  const nephews = (reward / 32n) * BigInt(ommers.length);
  return pay(state, environment, [
    ...credits,
    { address: environment.coinbase, amount: reward + nephews },
  ]);
}

/** wei: yellow paper, EIP-649 (Byzantium), EIP-1234 (Constantinople) */
function blockReward({ rules }: BlockEnvironment): bigint {
  const fork = forkRules(rules);
  if (fork.isAtLeast("paris")) {
    return 0n;
  }
  if (fork.isAtLeast("constantinople")) {
    return 2n * WEI_PER_ETHER;
  }
  return (fork.isAtLeast("byzantium") ? 3n : 5n) * WEI_PER_ETHER;
}

function pay(
  state: StateReader,
  environment: BlockEnvironment,
  credits: readonly Credit[],
): WriteSet {
  const rules = forkRules(environment.rules);
  const view = new IncarnationView(new BlockOverlay(state), false);
  for (const { address, amount } of credits) {
    touch(view, rules, address);
    if (amount > 0n) {
      view.credit(address, amount);
    }
  }
  cleanUp(
    view,
    rules,
    [],
    credits.map(({ address }) => address),
  );
  return view.writeSet();
}
