/**
 * What a block's transactions will surely or nearly surely write, told to the multi-version memory
 * before the first of them runs.
 *
 * - The nonce that a transaction leaves its sender with: so that the transactions of one sender need
 *   not wait for each other. A prediction that turns out wrong (an authorization of the sender, a
 *   delegated sender that creates) is corrected by validation.
 * - That each transaction pays the coinbase something: so that a transaction that reads the
 *   coinbase's balance waits for those below instead of being repeated for each of them.
 */
import type { Address } from "../state/hex";
import type { BlockEnvironment, TransactionInput } from "./transaction";
import { effectiveGasPrice } from "./transaction-processing";
import type { VersionWrites } from "./version-writes";

export function predict(
  writes: VersionWrites,
  transactions: readonly TransactionInput[],
  environment: BlockEnvironment,
): void {
  const perSender = new Map<Address, number>();
  for (const { from } of transactions) {
    perSender.set(from, (perSender.get(from) ?? 0) + 1);
  }
  transactions.forEach((transaction, index) => {
    const chained = (perSender.get(transaction.from) ?? 0) > 1;
    const price = effectiveGasPrice(transaction, environment);
    writes.predict(
      index,
      chained ? [{ address: transaction.from, value: nonceAfter(transaction) }] : [],
      price > (environment.baseFeePerGas ?? 0n) ? [environment.coinbase] : [],
    );
  });
}

/** The sender's nonce after the transaction, its own authorizations counted (EIP-7702). */
function nonceAfter({ from, nonce, authorizationList }: TransactionInput): bigint {
  let after = nonce + 1n;
  for (const authorization of authorizationList) {
    if (authorization.authority === from && authorization.nonce === after) {
      after++;
    }
  }
  return after;
}
