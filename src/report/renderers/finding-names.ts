/** What the patterns of findings are called, in a few words. docs/metrics.md, "Findings". */
import type { FindingId } from "../../analysis/detectors/finding";

export const FINDING_NAMES: Readonly<
  Record<FindingId, { readonly name: string; readonly text: string }>
> = {
  D1: { name: "Total", text: "A total that is only added to" },
  D2: { name: "NextId", text: "A counter that hands out ids" },
  D3: { name: "ArrayPush", text: "An array that every call makes longer" },
  D4: { name: "PushPayments", text: "One call that pays many accounts" },
  D5: { name: "FalseSharing", text: "Unrelated variables that share a storage slot" },
  D6: { name: "Guard", text: "A reentrancy lock in storage" },
  D7: { name: "HotRead", text: "A value that many read and some change" },
  D8: { name: "EtherSink", text: "Ether that all goes to one account" },
  D9: { name: "ContractBalance", text: "A contract's balance in a token" },
  D10: { name: "Supply", text: "A supply that every mint or burn changes" },
  D11: { name: "CurrentIndex", text: "ERC-721A's running index" },
  D12: { name: "PoolState", text: "A pool's reserves or price" },
  D13: { name: "Accrual", text: "Interest or rewards that are accrued for all" },
  D14: { name: "HashChain", text: "A hash over the one before it" },
  D15: { name: "EnumerableSet", text: "A set or linked list of members" },
  D16: { name: "SenderFlood", text: "One sender of most transactions" },
};
