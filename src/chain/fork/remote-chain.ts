/**
 * The remote chain up to the fork block, as questions and answers.
 *
 * Owns: which JSON-RPC call answers what, and remembering answers, which never change: whatever is
 * younger than the fork block is as if it were not there. Does not own: state (remote-state.ts).
 */
import type { Address, Hash } from "../../state/hex";
import { Missing } from "../../state/missing";
import type { ChainBlock, Receipt } from "../chain";
import { Answer } from "./answer-reader";
import type { ForkCache } from "./fork-cache";
import type { JsonRpcClient, RemoteCall } from "./json-rpc-client";
import { type RemoteLog, readBlock, readLog, readReceipt } from "./remote-block";

export interface RemoteLogFilter {
  readonly fromBlock: bigint;
  /** at most the fork block */
  readonly toBlock: bigint;
  readonly addresses: readonly Address[];
  readonly topics: readonly (readonly Hash[] | null)[];
}

export interface RemoteTransaction {
  readonly block: ChainBlock;
  readonly index: number;
}

export class RemoteChain {
  readonly #client: JsonRpcClient;
  readonly #cache: ForkCache | null;
  readonly #last: bigint;
  readonly #blocks = new Map<bigint, ChainBlock>();
  readonly #receipts = new Map<bigint, readonly Receipt[]>();

  /**
   * @param last the fork block's number
   * @param cache null = the fork block is too young for anything to be kept
   */
  constructor(client: JsonRpcClient, last: bigint, cache: ForkCache | null) {
    this.#client = client;
    this.#last = last;
    this.#cache = cache;
  }

  /** Asks the remote itself, whatever is kept. */
  static async askForBlock(client: JsonRpcClient, number: bigint): Promise<Answer> {
    const method = "eth_getBlockByNumber";
    return new Answer(client.host, method, await client.call(method, [hex(number), true]));
  }

  /** A block up to the fork block. Throws ParallelError FORK_… */
  async blockByNumber(number: bigint): Promise<ChainBlock> {
    const known = this.#blocks.get(number);
    if (known !== undefined) {
      return known;
    }
    const answer = await this.#ask("eth_getBlockByNumber", [hex(number), true]);
    return this.add(answer);
  }

  async blockByHash(hash: Hash): Promise<ChainBlock | undefined> {
    const answer = await this.#ask("eth_getBlockByHash", [hash, true]);
    if (answer.isNull || answer.field("number").quantity() > this.#last) {
      return undefined;
    }
    return this.add(answer);
  }

  async transaction(hash: Hash): Promise<RemoteTransaction | undefined> {
    const answer = await this.#ask("eth_getTransactionByHash", [hash]);
    if (answer.isNull || answer.field("blockNumber").isNull) {
      return undefined;
    }
    const number = answer.field("blockNumber").quantity();
    if (number > this.#last) {
      return undefined;
    }
    const index = Number(answer.field("transactionIndex").quantity());
    return { block: await this.blockByNumber(number), index };
  }

  /** Receipts of all transactions of a block, in one batch. */
  async receiptsOf({ header, transactions }: ChainBlock): Promise<readonly Receipt[]> {
    const known = this.#receipts.get(header.number);
    if (known !== undefined) {
      return known;
    }
    const calls = transactions.map(({ input }) => receiptCall(input.hash));
    const answers = await this.#askAll(calls);
    const receipts = answers.map((answer) => readReceipt(answer).receipt);
    this.#receipts.set(header.number, receipts);
    return receipts;
  }

  async receipt(transaction: Hash): Promise<Receipt> {
    const [answer] = await this.#askAll([receiptCall(transaction)]);
    return readReceipt(answer ?? new Answer(this.#client.host, "eth_getTransactionReceipt", null))
      .receipt;
  }

  async logs(filter: RemoteLogFilter): Promise<readonly RemoteLog[]> {
    const answer = await this.#ask("eth_getLogs", [
      {
        fromBlock: hex(filter.fromBlock),
        toBlock: hex(filter.toBlock),
        ...(filter.addresses.length === 0 ? {} : { address: filter.addresses }),
        ...(filter.topics.length === 0 ? {} : { topics: filter.topics }),
      },
    ]);
    return answer.list().map(readLog);
  }

  /** A proof in the remote's own JSON (EIP-1186). */
  async proof(address: Address, slots: readonly Hash[], number: bigint): Promise<Answer> {
    return this.#ask("eth_getProof", [address, slots, hex(number)]);
  }

  /** What the remote says about fees; in its own JSON. */
  async feeHistory(count: bigint, newest: bigint, percentiles: readonly number[]): Promise<Answer> {
    return this.#ask("eth_feeHistory", [hex(count), hex(newest), percentiles]);
  }

  /** The answered block, which is remembered. */
  add(answer: Answer): ChainBlock {
    const block: ChainBlock = readBlock(answer, () => this.#receiptsOrMiss(block));
    const { number } = block.header;
    const known = this.#blocks.get(number);
    if (known === undefined) {
      this.#blocks.set(number, block);
    }
    return known ?? block;
  }

  #receiptsOrMiss(block: ChainBlock): readonly Receipt[] {
    const known = this.#receipts.get(block.header.number);
    if (known === undefined) {
      throw new MissingRemote(`receipts of ${block.header.hash}`, async () => {
        await this.receiptsOf(block);
      });
    }
    return known;
  }

  async #ask(method: string, params: readonly unknown[]): Promise<Answer> {
    const [answer] = await this.#askAll([{ method, params }]);
    return answer ?? new Answer(this.#client.host, method, null);
  }

  /** From the disk what is there, the rest in one batch. Nothing (null) is not kept. */
  async #askAll(calls: readonly RemoteCall[]): Promise<Answer[]> {
    const kept = calls.map((call) => this.#cache?.readAnswer(call));
    const open = calls.filter((_, i) => kept[i] === undefined);
    const fetched = await this.#client.batch(open);
    open.forEach((call, i) => {
      const result = fetched[i];
      if (result !== null && result !== undefined) {
        this.#cache?.addAnswer(call, result);
      }
    });
    let next = 0;
    return calls.map(
      ({ method }, i) => new Answer(this.#client.host, method, kept[i] ?? fetched[next++]),
    );
  }
}

/** Something of the remote chain that has to be asked for first. */
export class MissingRemote extends Missing {
  readonly what: string;
  readonly #load: () => Promise<void>;

  constructor(what: string, load: () => Promise<void>) {
    super(`${what} is not fetched`);
    this.name = "MissingRemote";
    this.what = what;
    this.#load = load;
  }

  load(): Promise<void> {
    return this.#load();
  }
}

function receiptCall(transaction: Hash): RemoteCall {
  return { method: "eth_getTransactionReceipt", params: [transaction] };
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
