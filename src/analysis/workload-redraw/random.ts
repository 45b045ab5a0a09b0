/**
 * Random draws that a seed repeats exactly, in any process.
 *
 * Owns: the generator (SplitMix32) and the two distributions. Does not own: what is drawn.
 */

export class Random {
  #state: number;

  /** @param seed an integer; only its lower 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 random bits, from 0 to 2^32 - 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  }

  /** An integer from 0 to `size` - 1, each as likely; `size` at most 2^32. */
  below(size: number): number {
    return Math.floor((this.next() / 2 ** 32) * size);
  }
}

/** Draws ranks 0, 1, …: rank r with a probability that falls as 1 / (r + 1)^θ. */
export class Zipf {
  readonly #cumulative: readonly number[];

  /** @param size ranks, at least 1 @param theta at least 0; 0 is uniform */
  constructor(size: number, theta: number) {
    const cumulative: number[] = [];
    let sum = 0;
    for (let rank = 1; rank <= size; rank++) {
      sum += rank ** -theta;
      cumulative.push(sum);
    }
    this.#cumulative = cumulative.map((weight) => weight / sum);
  }

  draw(random: Random): number {
    const point = random.next() / 2 ** 32;
    let [low, high] = [0, this.#cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#cumulative[middle] ?? 1) > point) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
