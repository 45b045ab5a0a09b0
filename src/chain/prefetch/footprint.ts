/**
 * What calls of one function touch, as rules: terms of the address and of the slot.
 *
 * A rule is tried until it has been wrong too often. It is judged by all calls that are looked at, so that
 * of several explanations of one slot the right one stays, and what the function has stopped doing is
 * forgotten.
 *
 * Owns: the rules and their record. Does not own: which calls are looked at (foresight.ts).
 */
import { type StateKey, stateKeyText } from "../../state/missing";
import type { Derivation } from "./derivation";
import { addressOf, type Call, type Term, termText, varies, wordOf } from "./term";

/** Of a function: more are not kept. */
const MAX_RULES = 64;
/** Terms of one key, the likeliest first. */
const MAX_EXPLANATIONS = 8;
/** Looks after which the past counts half. */
const MEMORY = 32;

interface Rule {
  readonly address: Term;
  /** null = the account */
  readonly slot: Term | null;
  right: number;
  wrong: number;
}

export class Footprint {
  readonly #rules = new Map<string, Rule>();

  /** What the call will probably touch, each key once. */
  foresee(call: Call): StateKey[] {
    const keys = new Map<string, StateKey>();
    for (const rule of this.#rules.values()) {
      const key = paysOff(rule) ? keyOf(rule, call) : null;
      if (key !== null) {
        keys.set(stateKeyText(key), key);
      }
    }
    return [...keys.values()];
  }

  /**
   * Judges the rules by what the call, or another one of its block, has touched.
   * @returns the texts of the keys that the rules had right
   */
  judge(call: Call, touched: ReadonlySet<string>): ReadonlySet<string> {
    const right = new Set<string>();
    for (const rule of this.#rules.values()) {
      const key = keyOf(rule, call);
      if (key === null) {
        continue;
      }
      const text = stateKeyText(key);
      if (touched.has(text)) {
        rule.right++;
        if (paysOff(rule)) {
          right.add(text);
        }
      } else {
        rule.wrong++;
      }
      if (rule.right + rule.wrong > MEMORY) {
        rule.right /= 2;
        rule.wrong /= 2;
      }
    }
    return right;
  }

  /** Adds the rules that explain a key that a call has touched. */
  learn(key: StateKey, derivation: Derivation): void {
    for (const { address, slot } of explanations(key, derivation)) {
      const text = `${termText(address)} ${slot === null ? "" : termText(slot)}`;
      const known = this.#rules.get(text);
      if (known !== undefined) {
        known.right++;
      } else {
        this.#makeRoom();
        this.#rules.set(text, { address, slot, right: 1, wrong: 0 });
      }
    }
  }

  #makeRoom(): void {
    if (this.#rules.size < MAX_RULES) {
      return;
    }
    let worst: { readonly text: string; readonly worth: number } | null = null;
    for (const [text, { right, wrong }] of this.#rules) {
      const worth = right - wrong;
      if (worst === null || worth < worst.worth) {
        worst = { text, worth };
      }
    }
    if (worst !== null) {
      this.#rules.delete(worst.text);
    }
  }
}

/** A value that nobody needs costs a call in a batch; a missed one costs a wait for the remote. */
function paysOff({ right, wrong }: Rule): boolean {
  return wrong <= 2 * right;
}

function keyOf({ address: term, slot: slotTerm }: Rule, call: Call): StateKey | null {
  const address = addressOf(term, call);
  if (address === null) {
    return null;
  }
  if (slotTerm === null) {
    return { kind: "account", address };
  }
  const slot = wordOf(slotTerm, call);
  return slot === null ? null : { kind: "slot", address, slot };
}

/**
 * Where some of it varies from call to call, only that counts: the very same key is here already, and is
 * not asked for again.
 */
function explanations(
  key: StateKey,
  derivation: Derivation,
): readonly { readonly address: Term; readonly slot: Term | null }[] {
  if (key.kind === "blockHash") {
    return [];
  }
  const slots = key.kind === "slot" ? derivation.terms(key.slot) : [null];
  const all = derivation
    .terms(BigInt(key.address))
    .flatMap((address) => slots.map((slot) => ({ address, slot })));
  const varying = all.filter(
    ({ address, slot }) => varies(address) || (slot !== null && varies(slot)),
  );
  return (varying.length > 0 ? varying : all).slice(0, MAX_EXPLANATIONS);
}
