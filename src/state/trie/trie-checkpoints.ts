/**
 * Which tries of the past are kept: pairs of journal mark and trie. Who only needs to know which ones
 * another thread keeps has nothing in the place of the tries.
 *
 * The trie at any mark can be made from the nearest older checkpoint and the journal, so keeping
 * many only saves time, and each keeps nodes alive. So all of the last 32 are kept, and of older
 * ones fewer the older they are: their number grows with the logarithm of the number of blocks.
 * The empty trie at mark 0 is always there.
 */
import type { StateMark } from "../state-store";

export interface TrieCheckpoint<Content> {
  readonly mark: StateMark;
  readonly content: Content;
}

const ALL_YOUNGER_THAN = 32;

export class TrieCheckpoints<Content> {
  readonly #empty: TrieCheckpoint<Content>;
  #kept: (TrieCheckpoint<Content> & { readonly sequence: number })[];

  /** @param empty the trie at mark 0 */
  constructor(empty: Content) {
    this.#empty = { mark: 0, content: empty };
    this.#kept = [{ mark: 0, content: empty, sequence: 0 }];
  }

  /** The newest checkpoint not younger than the mark. */
  before(mark: StateMark): TrieCheckpoint<Content> {
    for (let position = this.#kept.length - 1; position > 0; position--) {
      const checkpoint = this.#kept[position];
      if (checkpoint !== undefined && checkpoint.mark <= mark) {
        return checkpoint;
      }
    }
    return this.#empty;
  }

  /** Changes of the journal between the newest checkpoint and the mark, which is not older. */
  backlog(mark: StateMark): number {
    return mark - this.before(mark).mark;
  }

  /** Adds the newest checkpoint. */
  add(mark: StateMark, content: Content): void {
    const newest = this.#kept.at(-1);
    if (newest !== undefined && newest.mark === mark) {
      return;
    }
    const sequence = (newest?.sequence ?? 0) + 1;
    this.#kept.push({ mark, content, sequence });
    // Of ages 32 to 63 every 2nd is kept, of 64 to 127 every 4th, and so on. A checkpoint whose
    // sequence is a multiple of 2^k thus stays until it is older than 2^(k + 5).
    this.#kept = this.#kept.filter((checkpoint) => {
      const age = sequence - checkpoint.sequence;
      const step = age < ALL_YOUNGER_THAN ? 1 : 2 ** (Math.floor(Math.log2(age)) - 4);
      return checkpoint.sequence % step === 0;
    });
  }

  /** Drops all checkpoints younger than the mark. */
  reverted(mark: StateMark): void {
    while ((this.#kept.at(-1)?.mark ?? 0) > mark) {
      this.#kept.pop();
    }
  }

  get count(): number {
    return this.#kept.length;
  }
}
