/**
 * What a scenario's function gets.
 *
 * Owns: its parts. Does not own: sending and mining (load.ts), users (users.ts).
 */
import { Random, Zipf } from "../analysis/workload-redraw/random";
import type { Address } from "../state/hex";
import type { Load } from "./load";

/** Draws that the scenario's seed repeats exactly. */
export interface ScenarioRandom {
  /** an integer from 0 to `size` - 1, each as likely */
  uniform(size: number): number;
  /** an integer from 0 to `size` - 1, `r` with a probability that falls as 1 / (r + 1)^theta */
  zipf(size: number, theta: number): number;
  /** an element of the list, each as likely */
  pick<T>(list: readonly T[]): T;
}

export interface ScenarioContext {
  /** Addresses that have 10,000 ether each and can send: `ethers.getSigner(users[0])`. */
  readonly users: readonly Address[];
  readonly random: ScenarioRandom;
  /**
   * Sends transactions with mining held back and mines them into as few blocks as they fit. Only what
   * is sent here is measured; may be called several times.
   */
  readonly load: Load;
}

export function scenarioRandom(seed: number): ScenarioRandom {
  const random = new Random(seed);
  const distributions = new Map<string, Zipf>();
  const uniform = (size: number): number => random.below(size);
  return {
    uniform,
    zipf(size, theta) {
      const key = `${size} ${theta}`;
      const zipf = distributions.get(key) ?? new Zipf(size, theta);
      distributions.set(key, zipf);
      return zipf.draw(random);
    },
    pick(list) {
      if (list.length === 0) {
        throw new RangeError("random.pick needs a list that is not empty");
      }
      // the index lies in the list
      return list[uniform(list.length)] as (typeof list)[number];
    },
  };
}
