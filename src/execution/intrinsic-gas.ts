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

/** gas; numbers, since none is large, and a transaction needs many of them */
interface Prices {
  readonly transaction: number;
  readonly creation: number;
  readonly zeroByte: number;
  readonly nonZeroByte: number;
  readonly initCodeWord: number;
  readonly accessListAddress: number;
  readonly accessListSlot: number;
  readonly authorization: number;
  /** for a recipient other than the sender, and for value that it gets (EIP-2780) */
  readonly recipient: number;
  readonly recipientValue: number;
  /** of calldata (EIP-7623) */
  readonly floorToken: number;
  /** tokens */
  readonly zeroByteTokens: number;
}

const TOKENS_PER_BYTE = 4;
const ADDRESS_BYTES = 20;
const SLOT_BYTES = 32;

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
  const nonZeros = data.length - zeros;
  const base =
    prices.transaction + creationOf(transaction, prices) + recipientOf(transaction, prices);
  let gas = base + zeros * prices.zeroByte + nonZeros * prices.nonZeroByte;
  if (transaction.to === null) {
    gas += prices.initCodeWord * Math.ceil(data.length / 32);
  }
  let tokens = zeros * prices.zeroByteTokens + nonZeros * TOKENS_PER_BYTE;
  for (const { slots } of transaction.accessList) {
    gas += prices.accessListAddress + prices.accessListSlot * slots.length;
    if (rules.isActive(7981)) {
      const listTokens = (ADDRESS_BYTES + SLOT_BYTES * slots.length) * TOKENS_PER_BYTE;
      gas += listTokens * prices.floorToken;
      tokens += listTokens;
    }
  }
  gas += prices.authorization * authorizationList.length;
  if (!rules.isActive(7623)) {
    return { intrinsic: BigInt(gas), floor: 0n };
  }
  const floorBase = rules.isActive(2780) ? base : prices.transaction;
  return { intrinsic: BigInt(gas), floor: BigInt(floorBase + tokens * prices.floorToken) };
}

function creationOf({ to }: TransactionInput, prices: Prices): number {
  return to === null ? prices.creation : 0;
}

function recipientOf({ from, to, value }: TransactionInput, prices: Prices): number {
  if (to === null || to === from) {
    return 0;
  }
  return prices.recipient + (value > 0n ? prices.recipientValue : 0);
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
    transaction: isActive(2780) ? 12_000 : 21_000,
    creation: creationPrice(rules),
    zeroByte: 4,
    nonZeroByte: isAtLeast("istanbul") ? 16 : 68, // EIP-2028
    initCodeWord: isActive(3860) ? 2 : 0,
    ...accessListPrices(rules),
    authorization: isActive(8037) ? 7_816 : Number(AUTHORIZATION_NEW_ACCOUNT),
    recipient: isActive(2780) ? 3_000 : 0,
    recipientValue: isActive(2780) ? 6_000 : 0,
    floorToken: isActive(7976) ? 16 : 10,
    zeroByteTokens: isActive(7976) ? TOKENS_PER_BYTE : 1,
  };
}

function creationPrice({ isActive, isAtLeast }: ForkRules): number {
  if (isActive(8038)) {
    return 12_000;
  }
  if (isActive(8037)) {
    return 11_000;
  }
  return isAtLeast("homestead") ? 32_000 : 0;
}

function accessListPrices({
  isActive,
}: ForkRules): Pick<Prices, "accessListAddress" | "accessListSlot"> {
  if (isActive(8038)) {
    return { accessListAddress: 2_900, accessListSlot: 2_000 };
  }
  return isActive(7981)
    ? { accessListAddress: 3_000, accessListSlot: 3_000 }
    : { accessListAddress: 2_400, accessListSlot: 1_900 }; // EIP-2930
}
