/**
 * Fetches what a block or a call will probably miss while it begins, so that it waits for a fork's remote
 * once and not once for each value that leads to the next.
 *
 * What is foreseen: access lists; and what earlier calls of the same function touched, computed for the
 * sender and the arguments of this one (footprint.ts). What to learn is said by misses: an execution that
 * missed something unforeseen is repeated once with its hashes recorded, on the state that it began on.
 *
 * Invariant: a guess only brings values of the fork block here. It changes no result and no error, nobody
 * waits for it who does not need it, and nothing of this runs where nothing was fetched.
 *
 * Owns: what is asked for ahead, and what is learned from. Does not own: fetching (StateStore.prefetch).
 */
import type { TransactionTrace } from "../../access-log/block-record";
import type { StateLoader } from "../../execution/block-executor";
import { BlockOverlay } from "../../execution/block-overlay";
import type { Engine } from "../../execution/engine/engine";
import { turnOfEventLoop } from "../../execution/event-loop";
import { IncarnationView } from "../../execution/incarnation-view";
import type { TransactionOutcome } from "../../execution/outcome";
import type { BlockEnvironment, TransactionInput } from "../../execution/transaction";
import { executeTransaction } from "../../execution/transaction-processing";
import { hexToBytes } from "../../state/bytes";
import { EMPTY_CODE_HASH, type Hash } from "../../state/hex";
import type { Location } from "../../state/location";
import { MissingState, type StateKey, stateKeyText } from "../../state/missing";
import type { StateReader } from "../../state/state-reader";
import type { StateStore } from "../../state/state-store";
import { Derivation } from "./derivation";
import { type FunctionRecord, functionText, type Learned } from "./footprints";
import { announcedKeys, neededKeys } from "./stated-keys";
import type { Call } from "./term";

/** Keys that are asked for ahead of one block: some 50 HTTP requests, 8 at a time. */
const MAX_AHEAD = 5_000;
/** Calls of one function that are looked at after a block. */
const MAX_LOOKS = 64;
/** Repetitions of one function, ever: one whose slots follow no rule is left alone. */
const MAX_STUDIES = 16;
/** Of a block's calls of a quiet function the first is looked at, and then every so many. */
const LOOK_EVERY = 16;
/** Repetitions after a block. */
const STUDIES_AT_ONCE = 16;
/** Turns of the event loop after which all requests have left over connections that are open. */
const TURNS_TO_SEND = 2;
/** gas of all repetitions after a block: some tens of milliseconds, about one wait for a remote */
const STUDY_GAS = 10_000_000n;

/** What is known of a call before it runs. */
export type Foreseeable = Pick<
  TransactionInput,
  "from" | "to" | "data" | "accessList" | "authorizationList"
>;

/** An execution that can be learned from. */
export interface Sample {
  readonly input: TransactionInput;
  readonly outcome: Pick<TransactionOutcome, "reads" | "writes" | "trace" | "gasUsed">;
  /** the state that it began on */
  readonly before: () => StateReader;
  readonly lenient: boolean;
}

export class Foresight {
  readonly #engine: Engine;
  readonly #learned: Learned;
  /** Something was asked for ahead, and nobody has looked whether it was needed. */
  #unjudged = false;

  /**
   * @param engine repeats what is learned from
   * @param learned from other states of the same chain
   */
  constructor(engine: Engine, learned: Learned) {
    this.#engine = engine;
    this.#learned = learned;
  }

  /**
   * Begins to fetch ahead for what is going to run, in this order, on the store.
   * @param load the store's, of what is needed
   */
  watch(store: StateStore, load: StateLoader, inputs: readonly Foreseeable[]): Watch {
    return new Watch(this, store, load, inputs);
  }

  /** Begins to fetch ahead for what is going to be watched later. */
  foresee(store: StateStore, inputs: readonly Foreseeable[]): void {
    this.watch(store, (keys) => store.load(keys), inputs);
  }

  /** Asks the store for them ahead. */
  ask(store: StateStore, keys: readonly StateKey[]): void {
    store.prefetch(keys);
    this.#unjudged = true;
  }

  /**
   * Of the called account's function, or else of its code's; undefined if neither is known, null if the
   * code is not here to tell.
   */
  recordOf(call: Call, store: StateReader): FunctionRecord | undefined | null {
    const ofAccount = this.#learned.byAccount.find(call.to, call);
    if (ofAccount !== undefined) {
      return ofAccount;
    }
    const codeHash = codeHashOf(call, store);
    return codeHash === null ? null : this.#learned.byCode.find(codeHash, call);
  }

  /** Learns from executions if any of them missed something, or a guess has to be judged. */
  async learn(
    missed: ReadonlySet<string>,
    store: StateReader,
    environment: BlockEnvironment,
    samples: () => readonly Sample[],
  ): Promise<void> {
    if (missed.size === 0 && !this.#unjudged) {
      return;
    }
    this.#unjudged = false;
    const looks = chooseLooks(samples(), store);
    // What one transaction of a block touches is not fetched in vain for the others.
    const touched = new Set(looks.flatMap((look) => [...look.touched.keys()]));
    const left = { studies: STUDIES_AT_ONCE, gas: STUDY_GAS };
    for (const { sample, call, codeHash, touched: own } of looks) {
      const known = this.#learned.byAccount.find(call.to, call);
      const right = known?.footprint.judge(call, touched);
      this.#learned.byCode.find(codeHash, call)?.footprint.judge(call, touched);
      const missedKeys = [...own].filter(([text]) => missed.has(text));
      if (missedKeys.length === 0) {
        continue;
      }
      const record = known ?? this.#learned.byAccount.of(call.to, call);
      record.note(true);
      const unforeseen = missedKeys.flatMap(([text, key]) => (right?.has(text) ? [] : [key]));
      const { gasUsed } = sample.outcome;
      const isDue = unforeseen.length > 0 && record.studies < MAX_STUDIES;
      if (isDue && left.studies > 0 && gasUsed <= left.gas) {
        record.studies++;
        left.studies--;
        left.gas -= gasUsed;
        const derivation = new Derivation(call, await this.#preimages(sample, environment));
        for (const { footprint } of [record, this.#learned.byCode.of(codeHash, call)]) {
          for (const key of unforeseen) {
            footprint.learn(key, derivation);
          }
        }
      }
    }
  }

  /** What the execution hashed: recorded with it, or by repeating it. */
  async #preimages(
    sample: Sample,
    environment: BlockEnvironment,
  ): Promise<readonly (readonly [hash: bigint, preimage: Uint8Array])[]> {
    const { trace } = sample.outcome;
    const { preimages } = trace.frames.length > 0 ? trace : await this.#repeat(sample, environment);
    return preimages.map(({ hash, preimage }) => [BigInt(hash), hexToBytes(preimage)]);
  }

  /** Another engine than the execution's may read what that did not: then there is nothing to learn. */
  async #repeat(
    { input, before, lenient }: Sample,
    environment: BlockEnvironment,
  ): Promise<Pick<TransactionTrace, "preimages">> {
    const view = new IncarnationView(new BlockOverlay(before()), true);
    try {
      await executeTransaction(this.#engine, view, input, environment, { lenient });
    } catch (error) {
      if (!(error instanceof MissingState)) {
        throw error;
      }
    }
    return view.missing === null ? view.trace() : { preimages: [] };
  }
}

/** One block, or one call. */
export class Watch {
  readonly #foresight: Foresight;
  readonly #store: StateStore;
  readonly #load: StateLoader;
  readonly #inputs: readonly Foreseeable[];
  /** keys that have been asked for, or are loaded anyway; made when it is needed */
  #ahead: Set<string> | null = null;
  /** something was asked for that may not have left yet */
  #justAsked = false;
  /** calls of accounts whose code was not here at first */
  #unknown: Call[] = [];
  readonly #missed = new Set<string>();

  constructor(
    foresight: Foresight,
    store: StateStore,
    load: StateLoader,
    inputs: readonly Foreseeable[],
  ) {
    this.#foresight = foresight;
    this.#store = store;
    this.#load = load;
    this.#inputs = inputs;
    const announced = this.#store.absent(inputs.flatMap(announcedKeys));
    this.#ask([...announced, ...this.#foresee(inputs.flatMap((input) => callOf(input) ?? []))]);
  }

  /** Asks for what could not be foreseen before the called accounts were loaded. */
  codesAreHere(): void {
    if (this.#unknown.length > 0) {
      const calls = this.#unknown;
      this.#unknown = [];
      this.#ask(this.#foresee(calls));
    }
  }

  /**
   * Resolves when what was asked for is on its way: requests leave with turns of the event loop, of which
   * there are none while a block's transactions run to what each of them misses.
   */
  async sent(): Promise<void> {
    if (this.#justAsked) {
      this.#justAsked = false;
      for (let turn = 0; turn < TURNS_TO_SEND; turn++) {
        await turnOfEventLoop();
      }
    }
  }

  /** For the execution: loads what it misses. */
  readonly load: StateLoader = async (keys) => {
    for (const key of keys) {
      this.#missed.add(stateKeyText(key));
    }
    await this.#load(keys);
  };

  /** Once it is done. */
  async learn(environment: BlockEnvironment, samples: () => readonly Sample[]): Promise<void> {
    await this.#foresight.learn(this.#missed, this.#store, environment, samples);
  }

  /**
   * What the calls will probably touch and is not here. Where a look at a quiet function finds something,
   * the calls that were passed over are looked at after all.
   */
  #foresee(calls: readonly Call[]): StateKey[] {
    const keys: StateKey[] = [];
    const skipped: (readonly [FunctionRecord, Call])[] = [];
    const seen = new Map<FunctionRecord, number>();
    const look = (record: FunctionRecord, call: Call): void => {
      const absent = this.#store.absent(record.footprint.foresee(call));
      record.note(absent.length > 0);
      keys.push(...absent);
    };
    for (const call of calls) {
      const record = this.#foresight.recordOf(call, this.#store);
      if (record === null) {
        this.#unknown.push(call);
      }
      if (record === null || record === undefined) {
        continue;
      }
      const before = seen.get(record) ?? 0;
      seen.set(record, before + 1);
      if (!record.isQuiet || before % LOOK_EVERY === 0) {
        look(record, call);
      } else {
        skipped.push([record, call]);
      }
    }
    for (const [record, call] of skipped) {
      if (!record.isQuiet) {
        look(record, call);
      }
    }
    return keys;
  }

  #ask(keys: readonly StateKey[]): void {
    if (keys.length === 0) {
      return;
    }
    this.#ahead ??= new Set(neededKeys(this.#inputs, null).map(stateKeyText));
    const chosen: StateKey[] = [];
    for (const key of keys) {
      const text = stateKeyText(key);
      if (this.#ahead.size < MAX_AHEAD && !this.#ahead.has(text)) {
        this.#ahead.add(text);
        chosen.push(key);
      }
    }
    if (chosen.length > 0) {
      this.#justAsked = true;
      this.#foresight.ask(this.#store, chosen);
    }
  }
}

/** An execution that is looked at. */
interface Look {
  readonly sample: Sample;
  readonly call: Call;
  readonly codeHash: Hash;
  readonly touched: ReadonlyMap<string, StateKey>;
}

/** Calls of contracts, of each function so many. */
function chooseLooks(samples: readonly Sample[], store: StateReader): Look[] {
  const perFunction = new Map<string, number>();
  return samples.flatMap((sample) => {
    const call = callOf(sample.input);
    const codeHash = call === null ? null : codeHashOf(call, store);
    if (call === null || codeHash === null || codeHash === EMPTY_CODE_HASH) {
      return [];
    }
    const text = functionText(call.to, call);
    const before = perFunction.get(text) ?? 0;
    perFunction.set(text, before + 1);
    return before < MAX_LOOKS ? [{ sample, call, codeHash, touched: touchedKeys(sample) }] : [];
  });
}

/** Null for a creation. */
function callOf({ from, to, data }: Foreseeable): Call | null {
  return to === null ? null : { from, to, data };
}

/** Null if the account is not loaded. */
function codeHashOf({ to }: Call, store: StateReader): Hash | null {
  try {
    return store.codeHash(to);
  } catch (error) {
    if (error instanceof MissingState) {
      return null;
    }
    throw error;
  }
}

function touchedKeys({ outcome }: Sample): ReadonlyMap<string, StateKey> {
  const keys = new Map<string, StateKey>();
  const locations: readonly Location[] = [...outcome.reads, ...outcome.writes.writes];
  for (const location of locations) {
    const { address } = location;
    const key: StateKey =
      location.kind === "storage"
        ? { kind: "slot", address, slot: location.slot }
        : { kind: "account", address };
    keys.set(stateKeyText(key), key);
  }
  return keys;
}
