/**
 * The peers of the benchmark, and how each is made. A peer's module is loaded when the peer is made, so
 * that a process holds nothing of the others.
 */
import type { OursOptions, Tier } from "./peers/our-network";
import type { Peer } from "./peers/peer";
import type { BenchPlan } from "./workload";

export type Effort = "fast" | "compiled" | "moderate" | "slow";

export interface PeerEntry {
  /** as --peers takes it */
  readonly id: string;
  /** as tables show it */
  readonly name: string;
  create(plan: BenchPlan): Promise<Peer>;
  /** How long a heavy block takes it: tens of ms (compiled ahead: nothing to warm up), seconds, tens of seconds. */
  readonly effort: Effort;
  /** Only Hardhat 3's Node runs it. */
  readonly hardhat3?: true;
  /** What it is, if it is ours. */
  readonly ours?: OursOptions;
}

export const OURS_1 = "default-1";
export const OURS_2 = "default-2";
export const OURS_1_TWICE = "default-1-twice";
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
    create: (plan) => {
      const peer: typeof import("./peers/our-network") = require("./peers/our-network");
      return peer.createOurNetworkPeer(name, plan, options);
    },
  };
}

export const PEERS: readonly PeerEntry[] = [
  ...TIERS.flatMap((tier) => [ours(tier, 1), ours(tier, 2)]),
  {
    id: OURS_1_TWICE,
    name: "two processes of 1 thread",
    effort: "fast",
    create(plan) {
      const peer: typeof import("./peers/two-processes") = require("./peers/two-processes");
      return peer.createTwoProcessesPeer(peerEntry(OURS_1), plan);
    },
  },
  {
    id: ETHEREUMJS,
    name: "@ethereumjs/vm runBlock",
    effort: "slow",
    create(plan) {
      const peer: typeof import("./peers/ethereumjs-vm") = require("./peers/ethereumjs-vm");
      return peer.createEthereumjsPeer(this.name, plan);
    },
  },
  {
    id: HARDHAT_2,
    name: "stock Hardhat 2",
    effort: "moderate",
    create(plan) {
      const peer: typeof import("./peers/stock-hardhat") = require("./peers/stock-hardhat");
      return peer.createStockHardhatPeer(this.name, plan);
    },
  },
  {
    id: HARDHAT_3,
    name: "stock Hardhat 3",
    effort: "moderate",
    hardhat3: true,
    create(plan) {
      const peer: typeof import("./peers/stock-hardhat3") = require("./peers/stock-hardhat3");
      return peer.createStockHardhat3Peer(this.name, plan);
    },
  },
  {
    id: ANVIL,
    name: "anvil",
    effort: "compiled",
    create(plan) {
      const peer: typeof import("./peers/anvil") = require("./peers/anvil");
      return peer.createAnvilPeer(this.name, plan);
    },
  },
];

/** The entry of an id. Throws for another word. */
export function peerEntry(id: string): PeerEntry {
  const entry = PEERS.find((candidate) => candidate.id === id);
  if (entry === undefined) {
    throw new Error(`no peer "${id}": expected ${PEERS.map((known) => known.id).join(", ")}`);
  }
  return entry;
}
