import type { SlotQuery } from "hardhat-parallel/hardhat2";

const BALANCE_SEED = "87a211a2";

/** Names the balances of SeededToken: the hash of the account, eight zero bytes and the seed. */
export function nameSeededSlots({ contract, root }: SlotQuery): string | null {
  const [, account] = /^0x([0-9a-f]{40})0{16}([0-9a-f]{8})$/.exec(root?.preimage ?? "") ?? [];
  return contract === "SeededToken" && root?.distance === 0n && root.preimage.endsWith(BALANCE_SEED)
    ? `balances[0x${account}]`
    : null;
}
