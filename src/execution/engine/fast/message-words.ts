/** What a message's transaction says of itself as text, as words: each made when code first asks, once a message. */
import type { Message } from "../engine";

/** More than a transaction can have. */
const MOST_BLOBS = 4096n;

export class MessageWords {
  readonly #message: Message;
  #origin: bigint | null = null;
  readonly #blobHashes: bigint[] = [];

  constructor(message: Message) {
    this.#message = message;
  }

  /** ORIGIN */
  get origin(): bigint {
    this.#origin ??= BigInt(this.#message.origin);
    return this.#origin;
  }

  /** BLOBHASH (EIP-4844); 0 where the transaction has no such blob. */
  blobHash(index: bigint): bigint {
    const place = index < MOST_BLOBS ? Number(index) : -1;
    const known = this.#blobHashes[place];
    if (known !== undefined) {
      return known;
    }
    const hash = this.#message.blobVersionedHashes[place];
    if (hash === undefined) {
      return 0n;
    }
    const word = BigInt(hash);
    this.#blobHashes[place] = word;
    return word;
  }
}
