/**
 * The stock network and ours, asked the same questions: every answer is compared, field by field,
 * results as well as errors.
 *
 * Volatile fields, not compared:
 * - hardhat_metadata.instanceId: random by definition;
 * - the result of evm_increaseTime: the offset to the clock, which differs with the second;
 * - error.data.reason of "ran out of gas": stock names which of its engine's checks noticed;
 * - error.stack and the return data inside stackTrace entries (they repeat error.data).
 */
import { AssertionError, expect } from "chai";
import type { EIP1193Provider } from "hardhat/types";
import type { EngineName, ParallelNetwork } from "../../../src/network";
import { deployCode } from "../../helpers/bytecode";
import { startOurs } from "../../helpers/our-network";
import { type NetworkSettings, startStock } from "../../helpers/stock-network";

/** What a request came to, as data. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: Readonly<Record<string, unknown>> };

export type Request = readonly [method: string, ...params: readonly unknown[]];

/** Both run in the tests in which they could come to differ. */
export const ENGINES: readonly EngineName[] = ["ethereumjs", "fast"];

/** Seconds between blocks that a test does not time itself. */
const BLOCK_TIME = 12;

export class Pair {
  readonly ours: ParallelNetwork;
  readonly stock: EIP1193Provider;
  /** Requests compared so far, over all pairs. */
  static compared = 0;
  /** How many of them were answered alike, by method, not counting refusals. */
  static readonly answered = new Map<string, number>();
  /** Of the refusals among them. */
  static readonly messages = new Set<string>();
  static readonly hardforks = new Set<string>();
  #pinned: boolean;

  static async start(settings: NetworkSettings = {}): Promise<Pair> {
    Pair.hardforks.add(settings.hardfork ?? "osaka");
    return new Pair(await startOurs(settings), await startStock(settings));
  }

  constructor(ours: ParallelNetwork, stock: EIP1193Provider) {
    this.ours = ours;
    this.stock = stock;
    this.#pinned = true;
  }

  /** From now on blocks get their timestamps from the clock. */
  unpinTime(): void {
    this.#pinned = false;
  }

  /** Asks both, compares, and gives the result. Fails the test if they differ or if both refuse. */
  async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const answer = await this.compare(method, ...params);
    if ("error" in answer) {
      throw new AssertionError(`${method} was refused: ${String(answer.error.message)}`);
    }
    return answer.result;
  }

  /** Asks both, compares, and gives the error. Fails the test if they differ or if both answer. */
  async refuse(
    method: string,
    ...params: readonly unknown[]
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.compare(method, ...params);
    if ("result" in answer) {
      throw new AssertionError(`${method} answered ${JSON.stringify(answer.result)}`);
    }
    return answer.error;
  }

  /** Asks both and compares. */
  async compare(method: string, ...params: readonly unknown[]): Promise<Answer> {
    await this.#pinTime();
    const [theirs, own] = [
      await answerOf(this.stock, method, params),
      await answerOf(this.ours, method, params),
    ];
    Pair.compared += 1;
    expect(
      volatile(method, own),
      `${method} ${JSON.stringify(params).slice(0, 400)}`,
    ).to.deep.equal(volatile(method, theirs));
    expect(fieldOrder(own), `order of fields of ${method}`).to.equal(fieldOrder(theirs));
    if ("result" in own) {
      Pair.answered.set(method, (Pair.answered.get(method) ?? 0) + 1);
    } else {
      Pair.messages.add(String(own.error.message).slice(0, 500));
    }
    return own;
  }

  /** A transaction hash from eth_sendTransaction. */
  async send(transaction: object): Promise<string> {
    return String(await this.ask("eth_sendTransaction", transaction));
  }

  async close(): Promise<void> {
    await this.ours.close();
  }

  /** Gives the next block a time that does not depend on the clock. */
  async #pinTime(): Promise<void> {
    if (!this.#pinned) {
      return;
    }
    for (const network of [this.stock, this.ours]) {
      const block = await network.request({
        method: "eth_getBlockByNumber",
        params: ["latest", false],
      });
      const { timestamp } = block as { timestamp: string }; // a block of either network has it
      await network.request({
        method: "evm_setNextBlockTimestamp",
        params: [Number(timestamp) + BLOCK_TIME],
      });
    }
  }
}

/** Deploys a program (runtime code, hex without 0x) from the first account; its address. */
export async function deploy(pair: Pair, runtime: string): Promise<string> {
  const [from] = (await pair.ask("eth_accounts")) as string[];
  const hash = await pair.send({ from, data: deployCode(runtime), gas: "0x7a120" });
  const receipt = await pair.ask("eth_getTransactionReceipt", hash);
  return (receipt as { contractAddress: string }).contractAddress; // a creation's receipt has it
}

async function answerOf(
  network: Pick<EIP1193Provider, "request">,
  method: string,
  params: readonly unknown[],
): Promise<Answer> {
  try {
    return { result: await network.request({ method, params: [...params] }) };
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error;
    }
    // Error's own fields, whatever they are
    const fields = error as unknown as Readonly<Record<string, unknown>>;
    return {
      error: {
        class: error.constructor.name,
        name: error.name,
        message: error.message,
        code: fields.code,
        data: fields.data,
        transactionHash: fields.transactionHash,
        isProviderError: fields._isProviderError,
        stackTrace: traceOf(fields.stackTrace),
      },
    };
  }
}

function traceOf(stackTrace: unknown): unknown {
  return Array.isArray(stackTrace)
    ? stackTrace.map((entry: Readonly<Record<string, unknown>>) => ({
        ...entry,
        ...(entry.address instanceof Uint8Array
          ? { address: Buffer.from(entry.address).toString("hex") }
          : {}),
        returnData: undefined,
      }))
    : stackTrace;
}

function volatile(method: string, answer: Answer): unknown {
  if ("result" in answer) {
    if (method === "evm_increaseTime") {
      return { result: typeof answer.result };
    }
    if (method === "hardhat_metadata") {
      return { result: { ...(answer.result as object), instanceId: undefined } };
    }
    return answer;
  }
  const { data } = answer.error;
  return typeof data === "object" && data !== null && "reason" in data
    ? { error: { ...answer.error, data: { ...data, reason: undefined } } }
    : answer;
}

/** Names of all fields in order, which JSON text shows. */
function fieldOrder(answer: Answer): string {
  return "result" in answer
    ? (JSON.stringify(answer.result, (_, value) =>
        typeof value === "object" && value !== null ? value : 0,
      ) ?? "undefined")
    : "";
}
