/**
 * Executes recorded calls again with one variable changed beforehand, and looks at what is different
 * afterwards: nothing (the value is not used), the variable by as much as before (a delta), or more.
 *
 * Compared is what the chain shows: status, events, writes, calls with their data, and which other
 * locations were read. Gas is not: a slot that is not zero is cheaper to write.
 *
 * A call counts only if it runs as it was recorded when nothing is changed: the log does not have all
 * of a block (random value, base fee), and a forked chain's code is not in it.
 *
 * Owns: the comparison. Does not own: which calls (probe-plan.ts), execution (a CallReplayer).
 */
import type { BlockRecord, TransactionRecord } from "../../access-log/block-record";
import { locationKey } from "../../state/location";
import type { StateReader } from "../../state/state-reader";
import type {
  CallReplayer,
  ReplayedMessage,
  ReplayOutcome,
} from "../workload-redraw/call-replayer";
import { messageOf, pathOf } from "../workload-redraw/recorded-message";
import { RecordedState, UnrecordedCode } from "../workload-redraw/recorded-state";
import { partValue } from "../write-rule";
import type { Probe } from "./probe-plan";
import { otherValues, withPart } from "./probe-values";
import type { ValueProbes } from "./value-probes";

export class ProbeRun {
  readonly #byPosition = new Map<number, Probe[]>();
  readonly #replayer: CallReplayer;
  readonly #state = new RecordedState();
  readonly #deltas = new Map<string, boolean>();
  readonly #uses = new Map<string, boolean>();
  readonly #last: number;
  #position = 0;

  constructor(probes: readonly Probe[], replayer: CallReplayer) {
    for (const probe of probes) {
      const own = this.#byPosition.get(probe.position);
      if (own === undefined) {
        this.#byPosition.set(probe.position, [probe]);
      } else {
        own.push(probe);
      }
    }
    this.#last = probes.reduce((last, { position }) => Math.max(last, position), -1);
    this.#replayer = replayer;
  }

  /** No later block has a call to try. */
  get done(): boolean {
    return this.#position > this.#last;
  }

  /** Takes the next block of the run that was planned for. */
  async add(block: BlockRecord): Promise<void> {
    this.#state.enter(block);
    for (const record of block.transactions) {
      const probes = this.#byPosition.get(this.#position++);
      this.#state.observe(record);
      if (probes !== undefined) {
        await this.#try(probes, record, block);
      }
      this.#state.apply(record);
    }
  }

  answers(): ValueProbes {
    return {
      isDelta: (functionKey, variable) => this.#deltas.get(answerKey(functionKey, variable)),
      uses: (functionKey, variable) => this.#uses.get(answerKey(functionKey, variable)),
    };
  }

  async #try(
    probes: readonly Probe[],
    record: TransactionRecord,
    block: BlockRecord,
  ): Promise<void> {
    const message = messageOf(record, block);
    const base = message === null ? null : await this.#execute(message, this.#state);
    if (message === null || base?.status !== 1 || pathOf(base.trace) !== pathOf(record.trace)) {
      return;
    }
    for (const probe of probes) {
      const { kind, functionKey, variable } = probe;
      const key = answerKey(functionKey, variable);
      if (kind === "change" && this.#deltas.get(key) !== false) {
        const isDelta = await this.#isDelta(probe, message, base);
        if (isDelta !== null) {
          this.#deltas.set(key, isDelta);
        }
      } else if (kind === "use" && this.#uses.get(key) !== true) {
        const isUsed = await this.#isUsed(probe, message, base);
        if (isUsed !== null) {
          this.#uses.set(key, isUsed);
        }
      }
    }
  }

  /** Null where there is no other value to try. */
  async #isDelta(
    probe: Probe,
    message: ReplayedMessage,
    base: ReplayOutcome,
  ): Promise<boolean | null> {
    let tried = 0;
    let within = 0;
    for await (const comparison of this.#comparisons(probe, message, base)) {
      tried++;
      // a bound that a value breaks says nothing of the values within it (a cap, a balance spent)
      if (comparison.outcome?.status === 1) {
        within++;
        if (!shiftsAlong(comparison)) {
          return false;
        }
      }
    }
    return tried === 0 ? null : within > 0;
  }

  /** Null where there is no other value to try. */
  async #isUsed(
    probe: Probe,
    message: ReplayedMessage,
    base: ReplayOutcome,
  ): Promise<boolean | null> {
    let tried = 0;
    for await (const comparison of this.#comparisons(probe, message, base)) {
      tried++;
      if (!makesNoDifference(comparison)) {
        return true;
      }
    }
    return tried === 0 ? null : false;
  }

  /**
   * One execution for each other value, when it is asked for: most answers are clear after the first, and a
   * value that is far off may send the call into a loop that ends with the block's gas.
   */
  async *#comparisons(
    probe: Probe,
    message: ReplayedMessage,
    base: ReplayOutcome,
  ): AsyncGenerator<Comparison> {
    const { address, slot, place } = probe;
    const word = this.#state.storage(address, slot);
    const now = partValue(place, wordAfter(base, probe) ?? word);
    for (const value of otherValues(place, partValue(place, word), now)) {
      const changed = withPart(place, word, value);
      const state = new OneSlotChanged(this.#state, address, slot, changed);
      const outcome = await this.#execute(message, state);
      yield { probe, base, outcome, word, changed };
    }
  }

  async #execute(message: ReplayedMessage, state: StateReader): Promise<ReplayOutcome | null> {
    try {
      return await this.#replayer(message, state);
    } catch (error) {
      if (error instanceof UnrecordedCode) {
        return null;
      }
      throw error;
    }
  }
}

function answerKey(functionKey: string, variable: string): string {
  return `${functionKey}\n${variable}`;
}

interface Comparison {
  readonly probe: Probe;
  readonly base: ReplayOutcome;
  /** null: it could not be executed */
  readonly outcome: ReplayOutcome | null;
  /** the slot before the call, as recorded and as changed */
  readonly word: bigint;
  readonly changed: bigint;
}

/** The variable ends as much higher as it began, its neighbours as before, and nothing else differs. */
function shiftsAlong({ probe, base, outcome, word, changed }: Comparison): boolean {
  const [usual, other] = [wordAfter(base, probe), wordAfter(outcome, probe)];
  if (outcome === null || usual === null || other === null || !restIsEqual(base, outcome, probe)) {
    return false;
  }
  const { place } = probe;
  const bits = 8 * place.bytes;
  const change = BigInt.asUintN(bits, partValue(place, usual) - partValue(place, word));
  const now = BigInt.asUintN(bits, partValue(place, other) - partValue(place, changed));
  return change === now && withPart(place, usual, 0n) === withPart(place, other, 0n);
}

/** Whatever the member's value, the call does the same; the member is kept, or set to the same. */
function makesNoDifference({ probe, base, outcome, word, changed }: Comparison): boolean {
  if (outcome === null || !restIsEqual(base, outcome, probe)) {
    return false;
  }
  const usual = wordAfter(base, probe) ?? word;
  const other = wordAfter(outcome, probe) ?? changed;
  const { place } = probe;
  const isKept = partValue(place, usual) === partValue(place, word);
  const expected = isKept ? withPart(place, usual, partValue(place, changed)) : usual;
  return other === expected;
}

function wordAfter(outcome: ReplayOutcome | null, { address, slot }: Probe): bigint | null {
  for (const write of outcome?.writes.writes ?? []) {
    if (write.kind === "storage" && write.address === address && write.slot === slot) {
      return write.value;
    }
  }
  return null;
}

/** All but the slot of the probe. */
function restIsEqual(a: ReplayOutcome, b: ReplayOutcome, probe: Probe): boolean {
  return a.status === b.status && visible(a, probe) === visible(b, probe);
}

function visible({ writes, reads, trace, logs }: ReplayOutcome, { address, slot }: Probe): string {
  const own = locationKey({ kind: "storage", address, slot });
  const written = writes.writes
    .filter((write) => locationKey(write) !== own)
    .map((write) => [
      locationKey(write),
      write.kind === "balance"
        ? write.delta
        : write.kind === "code"
          ? write.codeHash
          : write.kind === "existence"
            ? write.exists
            : write.value,
    ]);
  const calls = trace.frames.map(({ kind, codeAddress, value, input, success }) => {
    return [kind, codeAddress, value, input, success];
  });
  const events = logs.map(({ address: emitter, topics, data }) => [emitter, topics, data]);
  const text = JSON.stringify(
    [written.sort(), reads.map(locationKey).sort(), calls, events],
    (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
  );
  return text;
}

/** A state that differs from another in one slot. */
class OneSlotChanged implements StateReader {
  constructor(
    private readonly state: StateReader,
    private readonly address: string,
    private readonly slot: bigint,
    private readonly value: bigint,
  ) {}

  exists: StateReader["exists"] = (address) => this.state.exists(address);
  balance: StateReader["balance"] = (address) => this.state.balance(address);
  nonce: StateReader["nonce"] = (address) => this.state.nonce(address);
  codeHash: StateReader["codeHash"] = (address) => this.state.codeHash(address);
  code: StateReader["code"] = (codeHash) => this.state.code(codeHash);
  hasStorage: StateReader["hasStorage"] = (address) => this.state.hasStorage(address);
  storage: StateReader["storage"] = (address, slot) =>
    address === this.address && slot === this.slot ? this.value : this.state.storage(address, slot);
}
