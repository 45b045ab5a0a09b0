/** Amounts as logs show them: the unit that fits, at most four decimals. */

const GWEI_EXPONENT = 9;
const ETHER_EXPONENT = 18;
const DECIMALS = 4;

export function weiText(wei: bigint): string {
  if (wei === 0n) {
    return "0 ETH";
  }
  if (wei < 100_000n) {
    return `${wei} wei`;
  }
  return wei < 100_000_000_000_000n
    ? `${decimal(wei, GWEI_EXPONENT)} gwei`
    : `${decimal(wei, ETHER_EXPONENT)} ETH`;
}

/** `value / 10^exponent`, cut, without zeros at the end (the point stays, as stock). */
function decimal(value: bigint, exponent: number): string {
  const unit = 10n ** BigInt(exponent);
  const fraction = (value % unit) / 10n ** BigInt(exponent - DECIMALS);
  return `${value / unit}.${fraction.toString().replace(/0+$/, "")}`;
}
