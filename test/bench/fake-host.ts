/** Peers that mine nothing: what their blocks took and did is said beforehand, and who was asked is kept. */
import type { PeerEntry } from "../../bench/peer-list";
import type { Sample } from "../../bench/peers/peer";
import type { PeerHost } from "../../bench/rounds";

/** of a block with all transactions */
export const GAS_USED = 21_000 * 500;

export interface FakePeer {
  /** ms of each block; default 1,000 */
  readonly wall?: number;
  /** gas used of a block: which one of the peer's it is, from 0, and how many transactions were asked for */
  readonly gasUsed?: (block: number, transactions: number | undefined) => number;
  /** each of its blocks ends with an error */
  readonly fails?: boolean;
  /** why it cannot start */
  readonly missing?: string;
}

export class FakeHost implements PeerHost {
  /** the peer's id for each block, in order; with the number of transactions where one was given */
  readonly blocks: string[] = [];
  readonly closed: string[] = [];
  readonly #peers: Readonly<Record<string, FakePeer>>;

  /** by id; others are as by default */
  constructor(peers: Readonly<Record<string, FakePeer>> = {}) {
    this.#peers = peers;
  }

  missing({ id }: PeerEntry): string | null {
    return this.#peers[id]?.missing ?? null;
  }

  async start({ id }: PeerEntry): ReturnType<PeerHost["start"]> {
    const { wall = 1_000, gasUsed = () => GAS_USED, fails = false } = this.#peers[id] ?? {};
    let block = 0;
    return {
      run: async (_workload, transactions): Promise<Sample> => {
        this.blocks.push(transactions === undefined ? id : `${id}/${transactions}`);
        if (fails) {
          throw new Error(`${id} cannot mine`);
        }
        const results = { gasUsed: String(gasUsed(block, transactions)) };
        block++;
        return { wall, cpu: wall * 2, results };
      },
      close: async () => {
        this.closed.push(id);
      },
    };
  }
}
