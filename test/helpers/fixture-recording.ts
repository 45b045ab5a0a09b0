/** A chain of our network that records, and the contracts of a fixture project or of a test on it. */
import {
  BrowserProvider,
  type Contract,
  ContractFactory,
  type InterfaceAbi,
  JsonRpcSigner,
  toBeHex,
} from "ethers";
import type { BlockRecord } from "../../src/access-log/block-record";
import type { ContractMetadata } from "../../src/analysis/contract-metadata";
import {
  type FunctionModel,
  inferFootprints,
} from "../../src/analysis/footprints/infer-footprints";
import { observeCalls } from "../../src/analysis/footprints/observed-calls";
import { createNaming } from "../../src/analysis/naming/naming";
import { createParallelNetwork, type ParallelNetwork } from "../../src/network";
import { compileFixture } from "../analysis/naming/compile";
import { DEFAULT_TIMESTAMP } from "./stock-network";

/** A chain on which contracts of one fixture project are deployed and called. */
export class Recording {
  readonly blocks: BlockRecord[] = [];
  readonly contracts: ReadonlyMap<string, ContractMetadata>;
  readonly #network: ParallelNetwork;
  readonly #provider: BrowserProvider;

  private constructor(
    contracts: ReadonlyMap<string, ContractMetadata>,
    network: ParallelNetwork,
    blocks: BlockRecord[],
  ) {
    this.contracts = contracts;
    this.#network = network;
    this.#provider = new BrowserProvider(network, undefined, { cacheTimeout: -1 });
    this.blocks = blocks;
  }

  /** Of a fixture project. */
  static of(project: string): Promise<Recording> {
    return Recording.with(compileFixture(project, { optimizer: true }));
  }

  static async with(contracts: ReadonlyMap<string, ContractMetadata>): Promise<Recording> {
    const blocks: BlockRecord[] = [];
    const network = await createParallelNetwork({
      chain: {
        chainId: 31337n,
        networkId: 31337n,
        hardfork: "prague",
        blockGasLimit: 60_000_000n,
        transactionGasCap: null,
        initialBaseFeePerGas: null,
        minGasPrice: 0n,
        coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
        accounts: Array.from({ length: 16 }, (_, i) => ({
          privateKey: toBeHex(i + 1, 32) as `0x${string}`, // toBeHex gives hex
          balance: 10n ** 24n,
        })),
        genesisState: new Map(),
        automine: true,
        miningInterval: 0,
        mempoolOrder: "priority",
        allowUnlimitedContractSize: false,
        allowBlocksWithSameTimestamp: false,
        initialTimestamp: BigInt(DEFAULT_TIMESTAMP),
      },
      workers: 1,
      minTransactionsForThreads: 1000,
      clientVersion: "test",
      dialect: "hardhat2",
      throwOnTransactionFailures: true,
      throwOnCallFailures: true,
      loggingEnabled: false,
      verify: false,
      record: (block) => blocks.push(block),
    });
    return new Recording(contracts, network, blocks);
  }

  async signer(index: number): Promise<JsonRpcSigner> {
    const accounts: readonly string[] = await this.#provider.send("eth_accounts", []);
    return new JsonRpcSigner(this.#provider, accounts[index] ?? "");
  }

  async deploy(name: string, args: readonly unknown[] = []): Promise<Contract> {
    const metadata = this.contracts.get(name);
    if (metadata === undefined) {
      throw new Error(`${name} was not compiled`);
    }
    const abi = metadata.abi as InterfaceAbi; // the compiler's own ABI
    const factory = new ContractFactory(abi, metadata.bytecode, await this.signer(0));
    const deployed = await factory.deploy(...args);
    await deployed.waitForDeployment();
    return deployed as Contract; // the factory's type says nothing of the ABI
  }

  /** Sends a call by an account and waits until it is mined. */
  async call(
    contract: Contract,
    by: number,
    fn: string,
    args: readonly unknown[] = [],
    value = 0n,
  ) {
    const connected = contract.connect(await this.signer(by)) as Contract; // connect() keeps the ABI
    const sent = await connected.getFunction(fn)(...args, { value });
    await sent.wait();
  }

  /** Sends a JSON-RPC request. */
  send(method: string, params: unknown[] = []): Promise<unknown> {
    return this.#provider.send(method, params);
  }

  models(): FunctionModel[] {
    const metadata = [...this.contracts.values()];
    return inferFootprints(
      observeCalls(this.blocks),
      createNaming({ metadata, evidence: this.blocks }),
      metadata,
    );
  }

  close(): Promise<void> {
    return this.#network.close();
  }
}
