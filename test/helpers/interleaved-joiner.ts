/**
 * "Threads" that are all one thread: the participants of a block take turns in a random, repeatable
 * order, before and after each message. Any completion order of executions can come up.
 */
import type {
  BlockJoiner,
  BlockReport,
  BlockTask,
  ThreadReadiness,
} from "../../src/execution/block-joiner";
import type { Engine } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { joinBlock } from "../../src/execution/join-block";
import type { MadeInThread, MeanwhileWork } from "../../src/execution/made-meanwhile";
import { rootUnlessTaken } from "../../src/execution/transactions-root";
import { openSharedState } from "../../src/state/shared-state-store";
import { RandomTurns } from "./random-turns";

export class InterleavedJoiner implements BlockJoiner {
  readonly #engine = new EthereumjsEngine();
  /** Seed of the next block's order. */
  seed = 0;

  join(task: BlockTask, workers: number): Promise<readonly BlockReport[]> {
    const turns = new RandomTurns(this.seed);
    const engine: Engine = {
      run: async (message, environment, view, hooks) => {
        await turns.turn();
        const result = await this.#engine.run(message, environment, view, hooks);
        await turns.turn();
        return result;
      },
    };
    const reports = Array.from({ length: workers }, () =>
      joinBlock(task, engine, openSharedState(task.state), turns.turn),
    );
    return turns.driveTo(Promise.all(reports));
  }

  prepare(): ThreadReadiness {
    return { ready: Number.POSITIVE_INFINITY, isBehind: false, problem: null };
  }

  /** Of receipts it would have to wait for the block, in the block's own thread. */
  async makeMeanwhile({ encoded }: MeanwhileWork): Promise<MadeInThread> {
    return { transactionsRoot: rootUnlessTaken(encoded), receipts: null };
  }

  collect(): void {}
  async terminate(): Promise<void> {}
  async close(): Promise<void> {}
}
