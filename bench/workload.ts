/**
 * The benchmark's blocks: 500 signed transactions from 500 senders, equal for every peer.
 *
 * - transfer: disjoint token transfers, each to a fresh recipient
 * - hot: every transaction adds to one storage slot (fully serial)
 * - compute: 150 turns of keccak and arithmetic each, disjoint
 */
import {
  getCreateAddress,
  Interface,
  keccak256,
  type TransactionRequest,
  toBeHex,
  Wallet,
} from "ethers";
import type { Hex } from "../src/state/hex";
import { compileBench } from "./contracts";

export const CHAIN_ID = 31337;
export const BLOCK_GAS_LIMIT = 500_000_000;
export const TRANSACTIONS = 500;
export const BALANCE_WEI = 10n ** 24n;
/** seconds; genesis time of every peer that takes one */
export const GENESIS_TIMESTAMP = 1_900_000_000;

export type WorkloadName = "transfer" | "hot" | "compute";
export const WORKLOADS: readonly WorkloadName[] = ["transfer", "hot", "compute"];

export interface Workload {
  readonly name: WorkloadName;
  readonly raw: readonly Hex[];
}

export interface BenchPlan {
  /** the first one deploys and funds, the others send */
  readonly privateKeys: readonly Hex[];
  /** deploy, then fund: mined before any workload */
  readonly setup: readonly Hex[];
  readonly workloads: readonly Workload[];
}

const ABI = new Interface([
  "function fund(address[] accounts, uint256 amount)",
  "function transfer(address to, uint256 amount)",
  "function count(uint256 amount)",
  "function work(uint256 turns)",
]);

const FEES = {
  type: 2,
  chainId: CHAIN_ID,
  maxFeePerGas: 10n ** 11n,
  maxPriorityFeePerGas: 10n ** 9n,
  value: 0n,
};

/** Signs everything once (a few seconds). */
export async function makePlan(): Promise<BenchPlan> {
  const wallets = Array.from(
    { length: TRANSACTIONS + 1 },
    (_, i) => new Wallet(keccak256(toBeHex(i + 1, 32))),
  );
  const [deployer, ...senders] = wallets;
  if (deployer === undefined) {
    throw new Error("no deployer");
  }
  const token = getCreateAddress({ from: deployer.address, nonce: 0 });
  const sign = async (wallet: Wallet, request: TransactionRequest): Promise<Hex> =>
    (await wallet.signTransaction({ ...FEES, ...request })) as Hex; // ethers types hex as string
  const setup = [await sign(deployer, { nonce: 0, gasLimit: 2_000_000, data: compileBench() })];
  for (let from = 0; from < senders.length; from += 100) {
    const accounts = senders.slice(from, from + 100).map((wallet) => wallet.address);
    const data = ABI.encodeFunctionData("fund", [accounts, 1_000_000n]);
    setup.push(await sign(deployer, { nonce: setup.length, to: token, gasLimit: 4_000_000, data }));
  }
  const calls: Record<WorkloadName, (i: number) => { data: string; gasLimit: number }> = {
    transfer: (i) => ({
      data: ABI.encodeFunctionData("transfer", [toBeHex(0x1000_0000 + i, 20), 5n]),
      gasLimit: 100_000,
    }),
    hot: () => ({ data: ABI.encodeFunctionData("count", [1n]), gasLimit: 100_000 }),
    compute: () => ({ data: ABI.encodeFunctionData("work", [150n]), gasLimit: 400_000 }),
  };
  const workloads: Workload[] = [];
  for (const name of WORKLOADS) {
    const raw: Hex[] = [];
    for (const [i, wallet] of senders.entries()) {
      raw.push(await sign(wallet, { nonce: 0, to: token, ...calls[name](i) }));
    }
    workloads.push({ name, raw });
  }
  return { privateKeys: wallets.map((wallet) => wallet.privateKey as Hex), setup, workloads }; // as above
}
