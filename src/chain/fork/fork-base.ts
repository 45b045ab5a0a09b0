/**
 * The chain below a local one: a remote chain up to the fork block, and its states.
 *
 * What the chain asks synchronously is answered from what was fetched; the rest throws Missing, and
 * whoever asked loads it and asks again (state/missing.ts).
 *
 * Owns: the fork block, which remote blocks, transactions and logs are known, the states of older
 * blocks. Does not own: what the local chain does on top (history.ts, state-queries.ts).
 */
import { ParallelError } from "../../errors/base-error";
import { ERRORS } from "../../errors/catalogue";
import type { Address, Hash } from "../../state/hex";
import { createSharedStateStore } from "../../state/shared-state-store";
import type { StateSource } from "../../state/state-source";
import type { StateStore } from "../../state/state-store";
import type { BlockHeader, ChainBlock, ForkPoint, Receipt } from "../chain";
import { type HardforkName, isAtLeast } from "../hardfork";
import { Answer } from "./answer-reader";
import { ForkCache } from "./fork-cache";
import type { ForkConfig } from "./fork-config";
import { BUILT_IN_HISTORIES, type HardforkHistory, hardforkAt } from "./hardfork-history";
import { JsonRpcClient } from "./json-rpc-client";
import type { RemoteLog } from "./remote-block";
import {
  MissingRemote,
  RemoteChain,
  type RemoteLogFilter,
  type RemoteTransaction,
} from "./remote-chain";
import { RemoteState } from "./remote-state";
import { defaultForkBlock, isSafeBlock, unsafeBlockWarning } from "./safe-block";

/** States of older blocks that are kept in memory. */
const KEPT_STATES = 8;
/** Looked-up hashes and log filters that are remembered. */
const KEPT_ANSWERS = 10_000;

export class ForkBase {
  /** The last remote block: the local chain's first block follows it. */
  readonly block: ChainBlock;
  /** the remote's */
  readonly chainId: bigint;
  /** the remote's net_version */
  readonly networkId: bigint;
  readonly remote: RemoteChain;
  /** The state after the fork block. */
  readonly state: StateSource;
  readonly #client: JsonRpcClient;
  readonly #cache: ForkCache | null;
  readonly #config: ForkConfig;
  readonly #blocks = new Map<bigint, ChainBlock>();
  readonly #byHash = new Remembered<ChainBlock | undefined>();
  readonly #transactions = new Remembered<RemoteTransaction | undefined>();
  readonly #receipts = new Remembered<Receipt>();
  readonly #logs = new Remembered<readonly RemoteLog[]>();
  readonly #states = new Map<bigint, StateStore>();

  /** Asks the remote for its latest block and the fork block. Throws ParallelError FORK_… */
  static async connect(config: ForkConfig): Promise<ForkBase> {
    const { url, httpHeaders, transport, warn = () => undefined } = config;
    const client = new JsonRpcClient({
      url,
      ...(httpHeaders === undefined ? {} : { httpHeaders }),
      ...transport,
    });
    const calls = ["eth_chainId", "eth_blockNumber", "net_version"];
    const answers = await client.batch(calls.map((method) => ({ method, params: [] })));
    const answer = (i: number) => new Answer(client.host, calls[i] ?? "", answers[i]);
    const chainId = answer(0).quantity();
    const latest = answer(1).quantity();
    const networkId = answer(2).optional((version) => version.decimal()) ?? chainId;
    const number = config.blockNumber ?? defaultForkBlock(chainId, latest);
    if (number > latest) {
      throw new ParallelError(ERRORS.FORK_BLOCK_TOO_HIGH, { block: number, latest });
    }
    const warning = unsafeBlockWarning(chainId, latest, number);
    if (warning !== null) {
      warn(warning);
    }
    // Never from the disk: its hash says which chain this is.
    const answered = await RemoteChain.askForBlock(client, number);
    const header = { number, hash: answered.field("hash").hash() };
    const cache =
      config.cacheDirectory !== undefined && isSafeBlock(chainId, latest, number)
        ? new ForkCache(config.cacheDirectory, chainId, header, warn)
        : null;
    const remote = new RemoteChain(client, number, cache);
    const block = remote.add(answered);
    const base = new ForkBase(client, remote, cache, config, { chainId, networkId, block });
    base.#checkHardfork();
    return base;
  }

  private constructor(
    client: JsonRpcClient,
    remote: RemoteChain,
    cache: ForkCache | null,
    config: ForkConfig,
    facts: Pick<ForkBase, "chainId" | "networkId" | "block">,
  ) {
    this.#client = client;
    this.remote = remote;
    this.#cache = cache;
    this.#config = config;
    this.chainId = facts.chainId;
    this.networkId = facts.networkId;
    this.block = facts.block;
    const { number } = facts.block.header;
    this.#blocks.set(number, facts.block);
    this.#byHash.set(facts.block.header.hash, facts.block);
    this.state = this.#stateOf(facts.block);
  }

  /** The fork block's number. */
  get number(): bigint {
    return this.block.header.number;
  }

  /** Equal for forks of one chain at one URL. Not to be shown: a URL may hold a key. */
  get remoteIdentity(): string {
    return `${this.chainId} ${this.#config.url}`;
  }

  get point(): ForkPoint {
    return {
      chainId: this.chainId,
      blockNumber: this.number,
      blockHash: this.block.header.hash,
    };
  }

  /** A block up to the fork block. Throws Missing. */
  byNumber(number: bigint): ChainBlock {
    const known = this.#blocks.get(number);
    if (known === undefined) {
      throw new MissingRemote(`block ${number}`, async () => {
        this.#add(await this.remote.blockByNumber(number));
      });
    }
    return known;
  }

  /** Throws Missing. */
  byHash(hash: Hash): ChainBlock | undefined {
    return this.#byHash.get(hash, `block ${hash}`, async () => {
      const block = await this.remote.blockByHash(hash);
      if (block !== undefined) {
        this.#add(block);
      }
      return block;
    });
  }

  /** Throws Missing. */
  transaction(hash: Hash): RemoteTransaction | undefined {
    return this.#transactions.get(hash, `transaction ${hash}`, () => this.remote.transaction(hash));
  }

  /** Of a transaction that the remote has. Throws Missing. */
  receipt(transaction: Hash): Receipt {
    return this.#receipts.get(transaction, `receipt ${transaction}`, () =>
      this.remote.receipt(transaction),
    );
  }

  /** Logs of blocks up to the fork block. Throws Missing. */
  logs(filter: RemoteLogFilter): readonly RemoteLog[] {
    const { fromBlock, toBlock, addresses, topics } = filter;
    const key = JSON.stringify([String(fromBlock), String(toBlock), addresses, topics]);
    return this.#logs.get(key, `logs ${key}`, () => this.remote.logs(filter));
  }

  /** The state after a block before the fork block; nothing is ever written to it. */
  stateAt(block: ChainBlock): StateStore {
    const { number } = block.header;
    let state = this.#states.get(number);
    if (state === undefined) {
      state = createSharedStateStore({ source: this.#stateOf(block) });
    } else {
      this.#states.delete(number); // to the end: the least recently used is the first
    }
    this.#states.set(number, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > KEPT_STATES && oldest !== undefined) {
      this.#states.delete(oldest);
    }
    return state;
  }

  /** The hardfork in force at a block of the remote; null where no history says. */
  hardforkAt(header: Pick<BlockHeader, "number" | "timestamp">): HardforkName | null {
    const history = this.#history();
    return history === undefined ? null : hardforkAt(history, header);
  }

  /** The hardfork at the fork block by the stock network's own tables; null for other chains. */
  builtInHardfork(): HardforkName | null {
    const history = BUILT_IN_HISTORIES.get(this.chainId);
    return history === undefined ? null : hardforkAt(history, this.block.header);
  }

  /** True if a history of hardforks is known at all. */
  get hasHardforkHistory(): boolean {
    return this.#history() !== undefined;
  }

  #history(): HardforkHistory | undefined {
    return this.#config.hardforkHistories.get(this.chainId) ?? BUILT_IN_HISTORIES.get(this.chainId);
  }

  /** Hash of an ancestor of the fork block, if it is known. */
  knownHash(number: bigint): Hash | undefined {
    return number + 1n === this.number
      ? this.block.header.parentHash
      : this.#blocks.get(number)?.header.hash;
  }

  /** Loads the hash of an ancestor. */
  async hashOf(number: bigint): Promise<Hash> {
    const known = this.knownHash(number);
    if (known !== undefined) {
      return known;
    }
    const block = await this.remote.blockByNumber(number);
    this.#add(block);
    return block.header.hash;
  }

  proof(address: Address, slots: readonly Hash[], number: bigint): Promise<Answer> {
    return this.remote.proof(address, slots, number);
  }

  /** Gives up what is on its way from the remote. */
  close(): void {
    this.#client.close();
  }

  #stateOf({ header }: ChainBlock): RemoteState {
    return new RemoteState(this.#client, this.#cache, header);
  }

  #add(block: ChainBlock): void {
    this.#blocks.set(block.header.number, block);
    this.#byHash.set(block.header.hash, block);
  }

  /** Older states have accounts that exist and are empty, which JSON-RPC does not show. */
  #checkHardfork(): void {
    const hardfork = this.builtInHardfork();
    if (hardfork !== null && !isAtLeast(hardfork, "spuriousDragon")) {
      throw new ParallelError(ERRORS.FORK_HARDFORK_TOO_OLD, {
        chainId: this.chainId,
        block: this.number,
        hardfork,
      });
    }
  }
}

/** Answers that never change, by key. */
class Remembered<Value> {
  readonly #values = new Map<string, { readonly value: Value }>();

  set(key: string, value: Value): void {
    this.#values.set(key, { value });
    const [oldest] = this.#values.keys();
    if (this.#values.size > KEPT_ANSWERS && oldest !== undefined) {
      this.#values.delete(oldest);
    }
  }

  /** Throws Missing. */
  get(key: string, what: string, fetch: () => Promise<Value>): Value {
    const known = this.#values.get(key);
    if (known === undefined) {
      throw new MissingRemote(what, async () => {
        this.set(key, await fetch());
      });
    }
    return known.value;
  }
}
