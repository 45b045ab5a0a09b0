/** The peers of the benchmark, and how each is made. */
import { createAnvilPeer } from "./peers/anvil";
import { createEthereumjsPeer } from "./peers/ethereumjs-vm";
import { createOurNetworkPeer, type OursOptions, type Tier } from "./peers/our-network";
import type { Peer } from "./peers/peer";
import { createStockHardhatPeer } from "./peers/stock-hardhat";
import { createStockHardhat3Peer } from "./peers/stock-hardhat3";
import type { BenchPlan } from "./workload";

export type Effort = "fast" | "moderate" | "slow";

export interface PeerEntry {
  /** as --peers takes it */
  readonly id: string;
  /** as tables show it */
  readonly name: string;
  create(plan: BenchPlan): Promise<Peer>;
  /** How long a heavy block takes it: tens of ms, seconds, tens of seconds. */
  readonly effort: Effort;
  /** Only Hardhat 3's Node runs it. */
  readonly hardhat3?: true;
  /** What it is, if it is ours. */
  readonly ours?: OursOptions;
}

export const OURS_1 = "default-1";
export const OURS_2 = "default-2";
export const HARDHAT_2 = "hardhat2";
export const HARDHAT_3 = "hardhat3";
export const ANVIL = "anvil";
export const ETHEREUMJS = "ethereumjs";

const TIERS: readonly Tier[] = ["default", "interpreter", "javascript", "webassembly"];

function ours(tier: Tier, threads: number): PeerEntry {
  const name = `ours, ${tier}, ${threads} thread${threads === 1 ? "" : "s"}`;
  const options = { tier, threads };
  return {
    id: `${tier}-${threads}`,
    name,
    effort: "fast",
    ours: options,
    create: (plan) => createOurNetworkPeer(name, plan, options),
  };
}

function other(
  id: string,
  name: string,
  effort: Effort,
  create: (name: string, plan: BenchPlan) => Promise<Peer>,
): PeerEntry {
  return { id, name, effort, create: (plan) => create(name, plan) };
}

export const PEERS: readonly PeerEntry[] = [
  ...TIERS.flatMap((tier) => [ours(tier, 1), ours(tier, 2)]),
  other(ETHEREUMJS, "@ethereumjs/vm runBlock", "slow", createEthereumjsPeer),
  other(HARDHAT_2, "stock Hardhat 2", "moderate", createStockHardhatPeer),
  {
    ...other(HARDHAT_3, "stock Hardhat 3", "moderate", createStockHardhat3Peer),
    hardhat3: true,
  },
  other(ANVIL, "anvil", "fast", createAnvilPeer),
];

/** The entry of an id. Throws for another word. */
export function peerEntry(id: string): PeerEntry {
  const entry = PEERS.find((candidate) => candidate.id === id);
  if (entry === undefined) {
    throw new Error(`no peer "${id}": expected ${PEERS.map((known) => known.id).join(", ")}`);
  }
  return entry;
}
