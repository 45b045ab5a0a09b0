/**
 * Gas that a transaction costs before its first opcode, and the least it costs at all.
 *
 * Owns: the numbers (yellow paper, section 6.2 and appendix G; EIPs named beside them). Does not own: gas
 * for growth of the state, which depends on the state (state-gas.ts).
 */
import type { ForkRules } from "./fork-rules";
import type { TransactionInput } from "./transaction";

/** EIP-7702, and the surcharge that it gives back */
export const AUTHORIZATION_NEW_ACCOUNT = 25_000n;
export const AUTHORIZATION_BASE = 12_500n;

/** gas */
interface Prices {
  readonly transaction: bigint;
  readonly creation: bigint;
  readonly zeroByte: bigint;
  readonly nonZeroByte: bigint;
  readonly initCodeWord: bigint;
  readonly accessListAddress: bigint;
  readonly accessListSlot: bigint;
  readonly authorization: bigint;
  /** for a recipient other than the sender, and for value that it gets (EIP-2780) */
  readonly recipient: bigint;
  readonly recipientValue: bigint;
  /** of calldata (EIP-7623) */
  readonly floorToken: bigint;
  /** tokens */
  readonly zeroByteTokens: bigint;
}

const TOKENS_PER_BYTE = 4n;
const ADDRESS_BYTES = 20n;
const SLOT_BYTES = 32n;

export interface IntrinsicGas {
  /** gas taken before execution */
  readonly intrinsic: bigint;
  /** gas charged at least (EIP-7623); 0 before Prague */
  readonly floor: bigint;
}

export function intrinsicGas(transaction: TransactionInput, rules: ForkRules): IntrinsicGas {
  const { data, authorizationList } = transaction;
  const prices = pricesOf(rules);
  let zeros = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) {
      zeros += 1;
    }
  }
  const zeroBytes = BigInt(zeros);
  const nonZeroBytes = BigInt(data.length - zeros);
  const base =
    prices.transaction + creationOf(transaction, prices) + recipientOf(transaction, prices);
  let gas = base + zeroBytes * prices.zeroByte + nonZeroBytes * prices.nonZeroByte;
  if (transaction.to === null) {
    gas += prices.initCodeWord * BigInt(Math.ceil(data.length / 32));
  }
  let tokens = zeroBytes * prices.zeroByteTokens + nonZeroBytes * TOKENS_PER_BYTE;
  for (const { slots } of transaction.accessList) {
    const count = BigInt(slots.length);
    gas += prices.accessListAddress + prices.accessListSlot * count;
    if (rules.isActive(7981)) {
      const listTokens = (ADDRESS_BYTES + SLOT_BYTES * count) * TOKENS_PER_BYTE;
      gas += listTokens * prices.floorToken;
      tokens += listTokens;
    }
  }
  gas += prices.authorization * BigInt(authorizationList.length);
  if (!rules.isActive(7623)) {
    return { intrinsic: gas, floor: 0n };
  }
  const floorBase = rules.isActive(2780) ? base : prices.transaction;
  return { intrinsic: gas, floor: floorBase + tokens * prices.floorToken };
}

function creationOf({ to }: TransactionInput, prices: Prices): bigint {
  return to === null ? prices.creation : 0n;
}

function recipientOf({ from, to, value }: TransactionInput, prices: Prices): bigint {
  if (to === null || to === from) {
    return 0n;
  }
  return prices.recipient + (value > 0n ? prices.recipientValue : 0n);
}

const cache = new WeakMap<ForkRules, Prices>();

function pricesOf(rules: ForkRules): Prices {
  let prices = cache.get(rules);
  if (prices === undefined) {
    prices = createPrices(rules);
    cache.set(rules, prices);
  }
  return prices;
}

function createPrices(rules: ForkRules): Prices {
  const { isActive, isAtLeast } = rules;
  return {
    transaction: isActive(2780) ? 12_000n : 21_000n,
    creation: creationPrice(rules),
    zeroByte: 4n,
    nonZeroByte: isAtLeast("istanbul") ? 16n : 68n, // EIP-2028
    initCodeWord: isActive(3860) ? 2n : 0n,
    ...accessListPrices(rules),
    authorization: isActive(8037) ? 7_816n : AUTHORIZATION_NEW_ACCOUNT,
    recipient: isActive(2780) ? 3_000n : 0n,
    recipientValue: isActive(2780) ? 6_000n : 0n,
    floorToken: isActive(7976) ? 16n : 10n,
    zeroByteTokens: isActive(7976) ? TOKENS_PER_BYTE : 1n,
  };
}

function creationPrice({ isActive, isAtLeast }: ForkRules): bigint {
  if (isActive(8038)) {
    return 12_000n;
  }
  if (isActive(8037)) {
    return 11_000n;
  }
  return isAtLeast("homestead") ? 32_000n : 0n;
}

function accessListPrices({
  isActive,
}: ForkRules): Pick<Prices, "accessListAddress" | "accessListSlot"> {
  if (isActive(8038)) {
    return { accessListAddress: 2_900n, accessListSlot: 2_000n };
  }
  return isActive(7981)
    ? { accessListAddress: 3_000n, accessListSlot: 3_000n }
    : { accessListAddress: 2_400n, accessListSlot: 1_900n }; // EIP-2930
}
