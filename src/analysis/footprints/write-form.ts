/**
 * What the writes of one role do to the value: put it back, add an amount, lengthen an array, or
 * overwrite it. docs/metrics.md, "Footprint".
 *
 * Owns: what a change may be due to. Does not own: the rule (write-rule.ts), roles (access-roles.ts). A slot with several members has the class
 * of the member that is hardest to repair.
 */
import type { ValueProbes } from "../value-probes/value-probes";
import {
  differenceText,
  judgeChanges,
  type PartChange,
  type PartPlace,
  partValue,
  WHOLE_SLOT,
} from "../write-rule";
import { wordOf } from "./abi-codec";
import { amountsAt, type DecoderOf } from "./call-view";
import type { WriteClass, WriteForm } from "./footprint";
import { compareSources, type KeySource, sourceText } from "./key-source";
import type { RoleAccess } from "./role-candidates";

interface Change extends RoleAccess {
  readonly before: bigint;
  readonly after: bigint;
}

/** easiest to repair first */
const ORDER: readonly WriteClass[] = ["silent", "append", "delta", "undetermined", "overwrite"];

/** A variable's place in the slot; the whole slot has no variable of its own. */
type FormPart = PartPlace & { readonly variable?: string };

/** Null if nothing was written. */
export function writeForm(
  accesses: readonly RoleAccess[],
  decoderOf: DecoderOf,
  probes?: ValueProbes,
): WriteForm | null {
  const writes = accesses.filter(({ access }) => access.write);
  if (writes.length === 0) {
    return null;
  }
  const [first] = writes;
  if (first?.access.kind === "balance") {
    // write sets keep balances as signed amounts (state/write-set.ts); whoever reads the exact
    // balance moves an amount that follows from it
    const isRead = writes.some(({ access }) => access.read);
    return {
      class: isRead ? "overwrite" : "delta",
      text: null,
      independent: !isRead,
      counter: false,
    };
  }
  if (first?.access.kind === "nonce") {
    return { class: "delta", text: "+ 1", independent: true, counter: true };
  }
  const known: Change[] = [];
  for (const { view, access } of writes) {
    const { before, after } = access;
    if (before !== null && after !== null) {
      known.push({ view, access, before, after });
    }
  }
  if (known.length === 0) {
    return { class: "undetermined", text: null, independent: false, counter: false };
  }
  const parts = first?.access.parts ?? [];
  const forms = (parts.length === 0 ? [WHOLE_SLOT] : parts)
    .map((part: FormPart) => partForm(part, known, decoderOf, probes))
    .filter((form) => form !== null);
  const worst = forms.slice().sort((a, b) => rank(b) - rank(a))[0];
  if (worst === undefined) {
    return { class: "silent", text: null, independent: true, counter: false };
  }
  const isShared = forms.every(({ text }) => text === worst.text);
  return isShared ? worst : { ...worst, text: null };
}

function rank(form: WriteForm): number {
  return 2 * ORDER.indexOf(form.class) + (form.independent || form.counter ? 0 : 1);
}

/** What happens to one member; null if nothing ever does. */
function partForm(
  part: FormPart,
  writes: readonly Change[],
  decoderOf: DecoderOf,
  probes: ValueProbes | undefined,
): WriteForm | null {
  const size = 8 * part.bytes;
  const changes = writes.flatMap(({ view, access, ...words }): PartChange[] => {
    const [before, after] = [partValue(part, words.before), partValue(part, words.after)];
    const difference = BigInt.asUintN(size, after - before);
    const sources = view.sources.of(wordOf(after)).slice().sort(compareSources);
    const writer = view.call.transaction.entries[access.writer]?.functionKey;
    return before === after
      ? []
      : [
          {
            before,
            after,
            amounts: [
              ...amountTexts(view, access.writer, difference, size, decoderOf),
              differenceText(after - before),
            ],
            assignments: [
              ...sources.filter(isPlain).map((source) => `= ${sourceText(source)}`),
              `= ${after}`,
            ],
            use: access.use,
            readElsewhere: access.usedElsewhere,
            isDelta:
              writer === undefined
                ? undefined
                : probes?.isDelta(writer, part.variable ?? access.variable),
          },
        ];
  });
  if (changes.length === 0) {
    return null;
  }
  const { class: kind, amount, assignment, isCounter: counter } = judgeChanges(part, changes);
  switch (kind) {
    case "append":
    case "delta":
      return { class: kind, text: amount, independent: true, counter };
    case "undetermined":
      return { class: kind, text: null, independent: false, counter };
    case "overwrite":
      return {
        class: kind,
        text: counter ? amount : assignment,
        independent: assignment !== null,
        counter,
      };
  }
}

/** Sources that a new value may be without following from the old one. */
function isPlain(source: KeySource): boolean {
  return source.kind !== "storage";
}

/** `+ amount`, `- amount` for every amount at hand that the difference equals. */
function amountTexts(
  view: RoleAccess["view"],
  writer: number,
  difference: bigint,
  size: number,
  decoderOf: DecoderOf,
): string[] {
  const texts: string[] = [];
  const { transaction, entry } = view.call;
  const at = writer === -1 ? [] : writer === entry ? [entry] : [entry, writer];
  for (const place of at) {
    for (const { source, amount } of amountsAt(transaction, place, decoderOf).values()) {
      // amounts of an inner function are told apart from those of this one
      const name = `${sourceText(source)}${place === entry ? "" : " of an inner call"}`;
      if (amount !== 0n && BigInt.asUintN(size, amount) === difference) {
        texts.push(`+ ${name}`);
      }
      if (amount !== 0n && BigInt.asUintN(size, -amount) === difference) {
        texts.push(`- ${name}`);
      }
    }
  }
  return texts;
}
