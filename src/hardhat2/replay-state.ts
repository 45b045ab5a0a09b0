/**
 * The state a failed execution read, as eth_call's state override. Owns: the translation from read
 * set and pre-state. Enough by construction: an execution's outcome depends on nothing but its reads.
 */
import type { FailedExecution } from "../network";
import type { Address } from "../state/hex";

interface AccountOverride {
  balance: string;
  nonce: string;
  code?: string;
  stateDiff?: Record<string, string>;
}

/** Addresses of precompiles, with room for those to come: their code is not state. */
const PRECOMPILES_END = 0x10000n;

function word(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/** Overrides for every account that the execution read, by address. */
export function stateOverrides({
  request,
  outcome,
  preState,
}: FailedExecution): Record<Address, AccountOverride> {
  const overrides: Record<Address, AccountOverride> = {};
  const accountOf = (address: Address): AccountOverride => {
    const existing = overrides[address];
    if (existing !== undefined) {
      return existing;
    }
    const account: AccountOverride = {
      balance: `0x${preState.balance(address).toString(16)}`,
      nonce: `0x${preState.nonce(address).toString(16)}`,
    };
    if (BigInt(address) >= PRECOMPILES_END) {
      const code = preState.code(preState.codeHash(address));
      account.code = `0x${Buffer.from(code).toString("hex")}`;
    }
    overrides[address] = account;
    return account;
  };

  accountOf(request.from);
  if (request.to !== null) {
    accountOf(request.to);
  }
  for (const read of outcome.reads) {
    const account = accountOf(read.address);
    if (read.kind === "storage") {
      account.stateDiff ??= {};
      account.stateDiff[word(read.slot)] = word(preState.storage(read.address, read.slot));
    }
  }
  return overrides;
}
