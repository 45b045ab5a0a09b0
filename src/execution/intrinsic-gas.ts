/**
 * Gas that a transaction costs before its first opcode, and the least it costs at all.
 *
 * Owns: the numbers (yellow paper, section 6.2 and appendix G; EIPs named beside them).
 */
import type { ForkRules } from "./fork-rules";
import type { TransactionInput } from "./transaction";

const TRANSACTION = 21_000n;
const CREATION = 32_000n;
const ZERO_BYTE = 4n;
/** 16 since EIP-2028 */
const NON_ZERO_BYTE = 16n;
const NON_ZERO_BYTE_BEFORE_ISTANBUL = 68n;
/** EIP-3860 */
const INIT_CODE_WORD = 2n;
/** EIP-2930 */
const ACCESS_LIST_ADDRESS = 2_400n;
const ACCESS_LIST_SLOT = 1_900n;
/** EIP-7702 */
export const AUTHORIZATION_NEW_ACCOUNT = 25_000n;
export const AUTHORIZATION_BASE = 12_500n;
/** EIP-7623 */
const FLOOR_PER_TOKEN = 10n;
const TOKENS_PER_NON_ZERO_BYTE = 4n;

export interface IntrinsicGas {
  /** gas taken before execution */
  readonly intrinsic: bigint;
  /** gas charged at least (EIP-7623); 0 before Prague */
  readonly floor: bigint;
}

export function intrinsicGas(transaction: TransactionInput, rules: ForkRules): IntrinsicGas {
  const { data, accessList, authorizationList } = transaction;
  let zeros = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) {
      zeros += 1;
    }
  }
  const zeroBytes = BigInt(zeros);
  const nonZeroBytes = BigInt(data.length - zeros);
  let gas =
    TRANSACTION +
    zeroBytes * ZERO_BYTE +
    nonZeroBytes * (rules.isAtLeast("istanbul") ? NON_ZERO_BYTE : NON_ZERO_BYTE_BEFORE_ISTANBUL);
  if (transaction.to === null && rules.isAtLeast("homestead")) {
    gas += CREATION;
    if (rules.isActive(3860)) {
      gas += INIT_CODE_WORD * BigInt(Math.ceil(data.length / 32));
    }
  }
  for (const { slots } of accessList) {
    gas += ACCESS_LIST_ADDRESS + ACCESS_LIST_SLOT * BigInt(slots.length);
  }
  gas += AUTHORIZATION_NEW_ACCOUNT * BigInt(authorizationList.length);
  const tokens = zeroBytes + nonZeroBytes * TOKENS_PER_NON_ZERO_BYTE;
  const floor = rules.isActive(7623) ? TRANSACTION + tokens * FLOOR_PER_TOKEN : 0n;
  return { intrinsic: gas, floor };
}
