/**
 * The benchmarks' blocks: signed transactions from as many senders, equal for every peer.
 *
 * Owns: who sends what, and what has to be mined before. Does not own: the contracts (contracts.ts),
 * how a peer mines (peers/).
 */
import { getCreateAddress, Interface, Signature, Transaction, toBeHex } from "ethers";
import { addressOf, sign } from "../src/crypto/secp256k1";
import { hexToBytes } from "../src/state/bytes";
import type { Address, Hex } from "../src/state/hex";
import { compileContracts } from "./contracts";

export const CHAIN_ID = 31337;
export const TRANSACTIONS = 500;
export const BALANCE_WEI = 10n ** 24n;
export const COINBASE = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";
/** seconds; genesis time of every peer */
export const GENESIS_TIMESTAMP = 1_900_000_000;

/** What each block does, by name. */
export const WORKLOADS = {
  transfers: "token transfers, each to a fresh recipient: disjoint",
  keccak: "500 turns of keccak256 of 64 bytes and a little arithmetic: disjoint, heavy",
  arithmetic: "2,000 turns of multiplication and modulo: disjoint, heavy",
  "swaps-1": "swaps in one constant-product pool of two tokens: serial",
  "swaps-8": "the same over 8 pools: 8 chains",
  "swaps-64": "the same over 64 pools: 64 chains",
  mint: "token mints: every transaction adds to totalSupply: serial",
  nft: "NFT mints: every transaction takes the next id: serial",
  mixed: "of ten: 4 transfers, 3 swaps over 8 pools, a mint, an NFT mint, 100 turns of keccak",
} as const;

export type WorkloadName = keyof typeof WORKLOADS;
export const WORKLOAD_NAMES = Object.keys(WORKLOADS) as readonly WorkloadName[]; // the keys of the table

export interface Workload {
  readonly name: WorkloadName;
  readonly raw: readonly Hex[];
}

export interface BenchPlan {
  /** of every block */
  readonly blockGasLimit: number;
  /** have BALANCE_WEI at genesis: the first one deploys and funds, the others send */
  readonly accounts: readonly Address[];
  /** mined as one block before any workload */
  readonly setup: readonly Hex[];
  readonly workloads: readonly Workload[];
  /** Steps towards a large state, each in blocks: after step i the token has `slots` unused balances. */
  readonly fills: readonly {
    readonly slots: number;
    readonly blocks: readonly (readonly Hex[])[];
  }[];
}

export interface PlanOptions {
  readonly workloads: readonly WorkloadName[];
  /** senders, and transactions of each block (default TRANSACTIONS) */
  readonly senders?: number;
  /** default 500 million */
  readonly blockGasLimit?: number;
  /** how many unused balances the state has after each step (default none) */
  readonly fills?: readonly number[];
}

const ABI = new Interface([
  "function fund(address[] accounts, uint256 amount)",
  "function approveFor(address[] accounts, address[] spenders)",
  "function fill(uint256 first, uint256 count)",
  "function transfer(address to, uint256 amount)",
  "function work(uint256 turns)",
  "function arith(uint256 turns)",
  "function create(address token0, address token1, uint112 reserve, uint256 count)",
  "function swap(bool zeroForOne, uint256 amountIn, uint256 minAmountOut)",
]);
/** The token and the collection name it alike, with other parameters. */
const MINT_TOKEN = new Interface(["function mint(uint256 amount)"]);
const MINT_NFT = new Interface(["function mint()"]);

const FEES = {
  type: 2,
  chainId: CHAIN_ID,
  maxFeePerGas: 10n ** 11n,
  maxPriorityFeePerGas: 10n ** 9n,
  value: 0n,
};

/** gas; a little below EIP-7825's cap of a transaction */
const SETUP_GAS = 16_000_000;
const POOLS = 64;
const RESERVE = 10n ** 15n;
/** storage slots that one transaction fills within SETUP_GAS (22,100 gas each and the loop) */
const FILL_SLOTS = 700;
/** accounts that one transaction funds within SETUP_GAS */
const FUND_ACCOUNTS = 500;

interface Call {
  readonly to: Address;
  readonly data: string;
  readonly gasLimit: number;
}

/** Signs in order of nonces. */
class Signer {
  readonly address: Address;
  readonly #key: Uint8Array;
  #nonce = 0;

  constructor(index: number) {
    this.#key = hexToBytes(toBeHex(BigInt(index) + 10n ** 20n, 32) as Hex); // ethers types hex as string
    this.address = addressOf(this.#key);
  }

  /** Address of the contract that the next transaction would create. */
  get nextContract(): Address {
    return getCreateAddress({ from: this.address, nonce: this.#nonce }).toLowerCase() as Address; // as above
  }

  sign(call: Partial<Call>): Hex {
    const signed = this.signWith(this.#nonce, call);
    this.#nonce += 1;
    return signed;
  }

  signWith(nonce: number, call: Partial<Call>): Hex {
    const transaction = Transaction.from({ gasLimit: SETUP_GAS, ...FEES, ...call, nonce });
    const { r, s, yParity } = sign(hexToBytes(transaction.unsignedHash as Hex), this.#key); // as above
    transaction.signature = Signature.from({ r: toBeHex(r, 32), s: toBeHex(s, 32), yParity });
    return transaction.serialized as Hex; // as above
  }
}

interface Contracts {
  readonly token0: Address;
  readonly token1: Address;
  readonly nft: Address;
  readonly pools: readonly Address[];
}

export function makePlan(options: PlanOptions): BenchPlan {
  const { senders: count = TRANSACTIONS, blockGasLimit = 500_000_000, fills = [] } = options;
  const deployer = new Signer(0);
  const senders = Array.from({ length: count }, (_, i) => new Signer(i + 1));
  const withPools = options.workloads.some((name) => name.startsWith("swaps") || name === "mixed");
  const { setup, contracts } = makeSetup(deployer, senders, withPools);
  return {
    blockGasLimit,
    accounts: [deployer, ...senders].map(({ address }) => address),
    setup,
    workloads: options.workloads.map((name) => ({
      name,
      // each block is mined on the state after setup
      raw: senders.map((sender, i) => sender.signWith(0, callOf(name, contracts, i))),
    })),
    fills: makeFills(deployer, contracts.token0, fills, Math.floor(blockGasLimit / SETUP_GAS)),
  };
}

function callOf(name: WorkloadName, contracts: Contracts, i: number): Call {
  const { token0, nft } = contracts;
  switch (name) {
    case "transfers": {
      const data = ABI.encodeFunctionData("transfer", [toBeHex(0x1000_0000 + i, 20), 5n]);
      return { to: token0, data, gasLimit: 100_000 };
    }
    case "keccak":
      return { to: token0, data: ABI.encodeFunctionData("work", [500n]), gasLimit: 400_000 };
    case "arithmetic":
      return { to: token0, data: ABI.encodeFunctionData("arith", [2000n]), gasLimit: 1_000_000 };
    case "swaps-1":
      return swap(contracts, 1, i);
    case "swaps-8":
      return swap(contracts, 8, i);
    case "swaps-64":
      return swap(contracts, 64, i);
    case "mint":
      return {
        to: token0,
        data: MINT_TOKEN.encodeFunctionData("mint", [7n]),
        gasLimit: 100_000,
      };
    case "nft":
      return { to: nft, data: MINT_NFT.encodeFunctionData("mint"), gasLimit: 150_000 };
    case "mixed":
      return mixed(contracts, i);
  }
}

function swap({ pools }: Contracts, over: number, i: number): Call {
  const to = pools[i % over];
  if (to === undefined) {
    throw new Error(`no pool for transaction ${i}: there are ${pools.length}`);
  }
  const data = ABI.encodeFunctionData("swap", [i % 2 === 0, 1000n + BigInt(i), 1n]);
  return { to, data, gasLimit: 200_000 };
}

function mixed(contracts: Contracts, i: number): Call {
  const kind = i % 10;
  if (kind < 4) {
    return callOf("transfers", contracts, i);
  }
  if (kind < 7) {
    return callOf("swaps-8", contracts, i);
  }
  if (kind === 9) {
    const data = ABI.encodeFunctionData("work", [100n]);
    return { to: contracts.token0, data, gasLimit: 400_000 };
  }
  return callOf(kind === 7 ? "mint" : "nft", contracts, i);
}

function makeSetup(
  deployer: Signer,
  senders: readonly Signer[],
  withPools: boolean,
): { setup: Hex[]; contracts: Contracts } {
  const code = compileContracts();
  const setup: Hex[] = [];
  const deploy = (data: Hex): Address => {
    const address = deployer.nextContract;
    setup.push(deployer.sign({ data }));
    return address;
  };
  const call = (to: Address, method: string, values: readonly unknown[]): void => {
    setup.push(deployer.sign({ to, data: ABI.encodeFunctionData(method, values) }));
  };
  const token0 = deploy(code.Bench);
  const token1 = deploy(code.Bench);
  const nft = deploy(code.Nft);
  const factory = deploy(code.Pools);
  const addresses = senders.map(({ address }) => address);
  for (const part of parts(addresses, FUND_ACCOUNTS)) {
    call(token0, "fund", [part, 1_000_000n]);
    call(token1, "fund", [part, 1_000_000n]);
  }
  if (!withPools) {
    return { setup, contracts: { token0, token1, nft, pools: [] } };
  }
  const pools = Array.from(
    { length: POOLS },
    (_, i) => getCreateAddress({ from: factory, nonce: i + 1 }).toLowerCase() as Address, // as above
  );
  for (const part of parts(pools, 16)) {
    call(factory, "create", [token0, token1, RESERVE, part.length]);
  }
  for (const token of [token0, token1]) {
    call(token, "fund", [pools, RESERVE]);
    for (const over of [1, 8, 64]) {
      for (const [at, pool] of pools.slice(0, over).entries()) {
        const accounts = addresses.filter((_, i) => i % over === at);
        call(token, "approveFor", [accounts, [pool]]);
      }
    }
  }
  return { setup, contracts: { token0, token1, nft, pools } };
}

function makeFills(
  deployer: Signer,
  token: Address,
  levels: readonly number[],
  perBlock: number,
): BenchPlan["fills"] {
  let filled = 0;
  return levels.map((slots) => {
    const raw: Hex[] = [];
    while (filled < slots) {
      const count = Math.min(FILL_SLOTS, slots - filled);
      const data = ABI.encodeFunctionData("fill", [filled, count]);
      raw.push(deployer.sign({ to: token, data }));
      filled += count;
    }
    return { slots, blocks: parts(raw, perBlock) };
  });
}

function parts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.slice(i * size, (i + 1) * size),
  );
}
