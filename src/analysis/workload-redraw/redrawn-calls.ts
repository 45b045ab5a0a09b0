/**
 * Recorded calls with other callers and other keys: what is called and how often stays as recorded.
 *
 * A drawn call says who calls and what stands in place of each argument's value. It can be replayed
 * on footprints (footprint-replay.ts) or be turned into a transaction for an executor.
 *
 * Arguments that name a contract whose storage the call touches keep their value: another value
 * would be another contract, of which nothing is known.
 *
 * Owns: the draw. Does not own: what the drawn calls touch.
 */
import type { Hex } from "../../state/hex";
import { numberOf } from "../footprints/abi-codec";
import type { FunctionModel, ModelledCall } from "../footprints/infer-footprints";
import type { DirectCall } from "../footprints/observed-calls";
import { Random, Zipf } from "./random";
import { DEFAULT_POPULATION, type RedrawOptions } from "./redraw-options";

export interface RedrawnCall {
  readonly model: FunctionModel;
  /** the recorded call that it repeats */
  readonly recorded: ModelledCall;
  /** number of the user who calls; null: who called in the recording */
  readonly user: number | null;
  /** What stands for an argument's recorded value: `user:17`, `key:3`; null: that value itself. */
  readonly argument: (recorded: Hex) => string | null;
}

/** A drawn call and the place in the run of the call that it stands for. */
export interface PlacedCall extends RedrawnCall {
  readonly position: number;
  /** `recorded` is another call of the function: that one failed or is not in the sample. */
  readonly standIn: boolean;
}

/** Smaller numbers are no addresses. */
const FIRST_ADDRESS = 1n << 32n;
const END_OF_ADDRESSES = 1n << 160n;

/** Draws callers and keys, call after call. */
export class CallDraw {
  readonly #options: RedrawOptions;
  readonly #random: Random;
  readonly #zipf: Zipf | null;
  #users = 0;

  constructor(options: RedrawOptions) {
    const { keys, population = DEFAULT_POPULATION } = options;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#zipf = keys.kind === "zipf" ? new Zipf(population, keys.theta) : null;
  }

  draw(model: FunctionModel, recorded: ModelledCall): RedrawnCall {
    const number = this.#users++;
    const instances = instanceArguments(model, recorded);
    const drawn = new Map<Hex, string | null>();
    return {
      model,
      recorded,
      user: this.#options.senders === "distinct" ? number : null,
      argument: (value) => {
        let found = drawn.get(value);
        if (found === undefined) {
          found = instances.has(value) ? null : this.#key(value, number);
          drawn.set(value, found);
        }
        return found;
      },
    };
  }

  #key(value: Hex, call: number): string | null {
    const { keys, population = DEFAULT_POPULATION } = this.#options;
    switch (keys.kind) {
      case "as-is":
        return null;
      case "distinct":
        return `fresh:${call}:${value}`;
      default: {
        const rank = this.#zipf?.draw(this.#random) ?? this.#random.below(population);
        return isAddress(value) ? `user:${rank}` : `key:${rank}`;
      }
    }
  }
}

/** Values that lead to a contract whose storage the call touches, straight or through a mapping. */
export function instanceArguments(
  { footprint }: FunctionModel,
  { accesses }: ModelledCall,
): ReadonlySet<Hex> {
  const found = new Set<Hex>();
  for (const { access, role } of accesses) {
    const [source] = footprint.accesses[role]?.owner.candidates ?? [];
    const [owner] = access.components;
    if (source?.kind === "argument" && owner !== undefined) {
      found.add(owner);
    }
    if (source?.kind === "storage" && source.variable.includes("[*]")) {
      const leading = accesses.filter((other) => other.access.variable === source.variable);
      for (const key of leading.flatMap((other) => other.access.components.slice(1))) {
        found.add(key);
      }
    }
  }
  return found;
}

function isAddress(value: Hex): boolean {
  const number = numberOf(value);
  return number !== null && number >= FIRST_ADDRESS && number < END_OF_ADDRESSES;
}

/**
 * The calls that users made, in the order of the run, drawn anew. A call that is not in its
 * function's sample, or failed, is stood in for by a sampled one.
 */
export function redrawCalls(
  models: readonly FunctionModel[],
  direct: readonly DirectCall[],
  options: RedrawOptions,
): readonly PlacedCall[] {
  const draw = new CallDraw(options);
  const samples = new Map<string, Sample>();
  for (const model of models) {
    const sample = new Sample(model);
    for (const key of model.functionKeys) {
      samples.set(key, sample);
    }
  }
  const calls: PlacedCall[] = [];
  for (const { functionKey, position } of direct) {
    const sample = samples.get(functionKey);
    const recorded = sample?.at(position);
    if (sample !== undefined && recorded !== undefined) {
      const standIn = recorded.view.call.transaction.position !== position;
      calls.push({ ...draw.draw(sample.model, recorded), position, standIn });
    }
  }
  return calls;
}

/** The calls of one function that users made, or all if it was only ever called by contracts. */
class Sample {
  readonly #byPosition = new Map<number, ModelledCall>();
  readonly #calls: readonly ModelledCall[];
  #asked = 0;

  constructor(readonly model: FunctionModel) {
    const direct = model.calls.filter(({ view }) => !view.internal);
    this.#calls = direct.length > 0 ? direct : model.calls;
    for (const call of direct) {
      this.#byPosition.set(call.view.call.transaction.position, call);
    }
  }

  at(position: number): ModelledCall | undefined {
    const turn = this.#asked++;
    return this.#byPosition.get(position) ?? this.#calls[turn % this.#calls.length];
  }
}
