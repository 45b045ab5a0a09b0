/**
 * Our chain and the stock Hardhat network side by side, driven by the same steps.
 */
import { expect } from "chai";
import type { EIP1193Provider } from "hardhat/types";
import type { Chain, ChainBlock, ChainConfig } from "../../src/chain/chain";
import { createLocalChain } from "../../src/chain/local-chain";
import { signTransaction, type UnsignedTransaction } from "../../src/chain/transaction-codec";
import { addressOf } from "../../src/crypto/secp256k1";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address, Hash } from "../../src/state/hex";
import { DEFAULT_ACCOUNTS, type StockOptions, startStock } from "./stock-network";

/** seconds; the genesis timestamp of every pair */
export const GENESIS_TIME = 1_700_000_000n;

export const KEYS: readonly Hash[] = DEFAULT_ACCOUNTS.map(({ privateKey }) => privateKey);
export const ADDRESSES: readonly Address[] = KEYS.map((key) => addressOf(hexToBytes(key)));

export function account(index: number): { key: Hash; address: Address } {
  const [key, address] = [KEYS[index], ADDRESSES[index]];
  if (key === undefined || address === undefined) {
    throw new Error(`there is no account ${index}`);
  }
  return { key, address };
}

/** The config that equals stock's defaults, but for the fixed genesis time. */
export function testConfig(changes: Partial<ChainConfig> = {}): ChainConfig {
  return {
    chainId: 31337n,
    networkId: 31337n,
    hardfork: "osaka",
    blockGasLimit: 60_000_000n,
    transactionGasCap:
      changes.hardfork === undefined || changes.hardfork === "osaka" ? 16_777_216n : null,
    initialBaseFeePerGas: null,
    minGasPrice: 0n,
    coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
    accounts: DEFAULT_ACCOUNTS,
    genesisState: new Map(),
    automine: true,
    miningInterval: 0,
    mempoolOrder: "priority",
    allowUnlimitedContractSize: false,
    allowBlocksWithSameTimestamp: false,
    initialTimestamp: GENESIS_TIME,
    ...changes,
  };
}

export type TransactionRequest = Partial<UnsignedTransaction> & { readonly nonce: bigint };

/** A signed transaction from an account of the default mnemonic; type 2 with generous fees. */
export function signed(from: number, request: TransactionRequest) {
  return signTransaction(
    {
      type: 2,
      chainId: 31337n,
      gasLimit: 100_000n,
      to: account(1).address,
      value: 0n,
      data: new Uint8Array(0),
      maxFeePerGas: 10_000_000_000n,
      maxPriorityFeePerGas:
        request.type === 0 || request.type === 1 ? 10_000_000_000n : 1_000_000_000n,
      accessList: [],
      blobVersionedHashes: [],
      maxFeePerBlobGas: 0n,
      signedAuthorizations: [],
      ...request,
    },
    account(from).key,
  );
}

type StockBlock = Record<string, string | null | undefined> & { transactions: string[] };

export class NetworkPair {
  readonly stock: EIP1193Provider;
  readonly chain: Chain;

  private constructor(stock: EIP1193Provider, chain: Chain) {
    this.stock = stock;
    this.chain = chain;
  }

  static async start(
    config: Partial<ChainConfig> = {},
    stockOptions: StockOptions = {},
  ): Promise<NetworkPair> {
    const full = testConfig(config);
    const stock = await startStock({
      hardfork: full.hardfork,
      initialDate: new Date(Number(GENESIS_TIME) * 1000),
      blockGasLimit: Number(full.blockGasLimit),
      automine: full.automine,
      mempoolOrder: full.mempoolOrder,
      minGasPrice: full.minGasPrice,
      throwOnTransactionFailures: false,
      ...(full.initialBaseFeePerGas === null
        ? {}
        : { initialBaseFeePerGas: Number(full.initialBaseFeePerGas) }),
      ...stockOptions,
    });
    const chain = await createLocalChain({
      config: full,
      executor: new SequentialExecutor(),
      trace: false,
    });
    return new NetworkPair(stock, chain);
  }

  async rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T> {
    // the caller says what the method answers
    return (await this.stock.request({ method, params })) as T;
  }

  /** Gives the next block of both the same timestamp. */
  async setNextTimestamp(timestamp: bigint): Promise<void> {
    await this.rpc("evm_setNextBlockTimestamp", Number(timestamp));
    this.chain.setNextTimestamp(timestamp);
  }

  /** Sends the transaction to both; ours must accept it. */
  async send(from: number, request: TransactionRequest): Promise<Hash> {
    const transaction = signed(from, request);
    const hash = await this.rpc<Hash>("eth_sendRawTransaction", bytesToHex(transaction.raw));
    const result = await this.chain.submit(transaction);
    if (!result.ok) {
      throw new Error(`refused: ${JSON.stringify(result.rejection, (_, v) => String(v))}`);
    }
    expect(transaction.input.hash).to.equal(hash);
    return hash;
  }

  /** Sends the transaction to both at a fixed time, as block `number`, and compares the blocks. */
  async sendAndCompare(from: number, request: TransactionRequest): Promise<ChainBlock> {
    await this.setNextTimestamp(this.chain.latest.header.timestamp + 10n);
    await this.send(from, request);
    return this.compareLatest();
  }

  async mineAndCompare(): Promise<ChainBlock> {
    await this.setNextTimestamp(this.chain.latest.header.timestamp + 10n);
    await this.rpc("evm_mine");
    await this.chain.mine();
    return this.compareLatest();
  }

  /** Every field of the latest block, and so of all before it, is the stock network's. */
  async compareLatest(): Promise<ChainBlock> {
    const number = BigInt(await this.rpc<string>("eth_blockNumber"));
    expect(this.chain.latestNumber).to.equal(number);
    return this.compare(number);
  }

  async compare(number: bigint): Promise<ChainBlock> {
    const theirs = await this.rpc<StockBlock>(
      "eth_getBlockByNumber",
      `0x${number.toString(16)}`,
      false,
    );
    const ours = this.chain.block({ number });
    if (ours === undefined) {
      throw new Error(`our chain has no block ${number}`);
    }
    expect(describeBlock(ours)).to.deep.equal({
      ...pick(theirs, Object.keys(describeBlock(ours))),
    });
    return ours;
  }
}

function pick(block: StockBlock, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    keys.filter((key) => block[key] !== undefined).map((key) => [key, block[key]]),
  );
}

/** A block as eth_getBlockByNumber shows it. */
export function describeBlock({ header, size, transactions }: ChainBlock): Record<string, unknown> {
  const fields = Object.entries({ ...header, size: BigInt(size) }).map(([key, value]) => [
    key,
    typeof value === "bigint" ? `0x${value.toString(16)}` : value,
  ]);
  return {
    ...Object.fromEntries(fields),
    transactions: transactions.map(({ input }) => input.hash),
  };
}
