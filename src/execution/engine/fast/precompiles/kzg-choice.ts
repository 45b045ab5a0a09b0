/**
 * Which library verifies a thread's KZG proofs: one that is there at once, and the native one as soon as it pays.
 *
 * Owns: when the thread changes over. Does not own: the libraries (kzg-mcl.ts, kzg-native.ts), which agree on
 * every input, so that no result depends on the choice.
 *
 * It is the problem of renting or buying, where nobody knows how often a thing will be used. Who rents until the rent
 * has reached the price, and buys when he needs it once more, never pays more than twice what he would have paid had
 * he known. Here: the time of the first library until it has reached that of loading the native one, and one proof.
 */
import type { KzgVerifier } from "./point-evaluation";

/** ms that loading the native library takes: 1.9 s of CPU, in which it decodes and checks the trusted setup. */
export const NATIVE_LOAD_MILLISECONDS = 2000;

export class KzgChoice implements KzgVerifier {
  #verifier: KzgVerifier;
  /** null once it was called */
  #loadNative: (() => KzgVerifier | null) | null;
  readonly #now: () => number;
  /** ms, in the first library */
  #spent = 0;

  /**
   * @param first verifies until the change
   * @param loadNative returns null where there is no native library, and the first stays then
   * @param now ms
   */
  constructor(
    first: KzgVerifier,
    loadNative: () => KzgVerifier | null,
    now: () => number = () => performance.now(),
  ) {
    this.#verifier = first;
    this.#loadNative = loadNative;
    this.#now = now;
  }

  /**
   * Loads the native library when one more proof asks for it, in the midst of a message: the thread stands still for
   * a tenth of the time after which the watchdog (../../../watchdog.ts) would at the earliest take it for hung.
   */
  verifies(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean {
    if (this.#loadNative === null) {
      return this.#verifier.verifies(commitment, z, y, proof);
    }
    if (this.#spent >= NATIVE_LOAD_MILLISECONDS) {
      const load = this.#loadNative;
      this.#loadNative = null;
      this.#verifier = load() ?? this.#verifier;
      return this.#verifier.verifies(commitment, z, y, proof);
    }
    const began = this.#now();
    try {
      return this.#verifier.verifies(commitment, z, y, proof);
    } finally {
      this.#spent += this.#now() - began; // failures take time, too
    }
  }
}
