/**
 * What the writes of one role do to the value: put it back, add an amount, lengthen an array, or
 * overwrite it. docs/metrics.md, "Footprint".
 *
 * Owns: the rule. Does not own: roles (access-roles.ts). A slot with several members has the class
 * of the member that is hardest to repair.
 */
import type { SlotPart } from "../slot-name";
import { wordOf } from "./abi-codec";
import { amountsAt, type DecoderOf } from "./call-view";
import type { WriteClass, WriteForm } from "./footprint";
import { compareSources, type KeySource, sourceText } from "./key-source";
import type { RoleAccess } from "./role-candidates";
import { partValue } from "./slot-reader";

interface Change extends RoleAccess {
  readonly before: bigint;
  readonly after: bigint;
}

/** easiest to repair first */
const ORDER: readonly WriteClass[] = ["silent", "append", "delta", "undetermined", "overwrite"];

const WHOLE_SLOT: Omit<SlotPart, "label" | "variable"> = {
  keys: [],
  offset: 0,
  bytes: 32,
  holds: "value",
};

/** Null if nothing was written. */
export function writeForm(accesses: readonly RoleAccess[], decoderOf: DecoderOf): WriteForm | null {
  const writes = accesses.filter(({ access }) => access.write);
  if (writes.length === 0) {
    return null;
  }
  const [first] = writes;
  if (first?.access.kind === "balance") {
    // write sets keep balances as signed amounts (state/write-set.ts); whoever reads the exact
    // balance moves an amount that follows from it
    const isRead = writes.some(({ access }) => access.read);
    return { class: isRead ? "overwrite" : "delta", text: null, independent: !isRead };
  }
  if (first?.access.kind === "nonce") {
    return { class: "delta", text: "+ 1", independent: true };
  }
  const known: Change[] = [];
  for (const { view, access } of writes) {
    const { before, after } = access;
    if (before !== null && after !== null) {
      known.push({ view, access, before, after });
    }
  }
  if (known.length === 0) {
    return { class: "undetermined", text: null, independent: false };
  }
  const parts = first?.access.parts ?? [];
  const forms = (parts.length === 0 ? [WHOLE_SLOT] : parts)
    .map((part) => partForm(part, known, decoderOf))
    .filter((form) => form !== null);
  const used = writes.some(({ access }) => access.usedElsewhere);
  const worst = forms
    .map((form) =>
      used && form.class === "delta" ? { ...form, class: "overwrite" as const } : form,
    )
    .sort((a, b) => rank(b) - rank(a))[0];
  if (worst === undefined) {
    return { class: "silent", text: null, independent: true };
  }
  const isShared = forms.every(({ text }) => text === worst.text);
  return isShared ? worst : { ...worst, text: null };
}

/** Names of the members that some write changed. */
export function changedMembers(accesses: readonly RoleAccess[]): string[] {
  const names = new Set<string>();
  for (const { access } of accesses) {
    const { before, after, parts, write } = access;
    if (write && before !== null && after !== null && parts.length > 1) {
      for (const part of parts) {
        if (partValue(part, before) !== partValue(part, after)) {
          names.add(part.variable.slice(part.variable.lastIndexOf(".") + 1));
        }
      }
    }
  }
  return [...names];
}

function rank(form: WriteForm): number {
  return 2 * ORDER.indexOf(form.class) + (form.independent ? 0 : 1);
}

/** What happens to one member; null if nothing ever does. */
function partForm(
  part: Omit<SlotPart, "label" | "variable">,
  writes: readonly Change[],
  decoderOf: DecoderOf,
): WriteForm | null {
  const size = 8 * part.bytes;
  const changes = writes
    .map((write) => ({
      ...write,
      old: partValue({ ...part, label: "", variable: "" }, write.before),
      now: partValue({ ...part, label: "", variable: "" }, write.after),
    }))
    .filter(({ old, now }) => old !== now);
  if (changes.length === 0) {
    return null;
  }
  if (part.holds === "length" && changes.every(({ old, now }) => now === old + 1n)) {
    return { class: "append", text: "+ 1", independent: true };
  }
  const amounts = common(
    changes.map(({ view, access, old, now }) => {
      const texts = amountTexts(
        view,
        access.writer,
        BigInt.asUintN(size, now - old),
        size,
        decoderOf,
      );
      return [...texts, signed(now - old)];
    }),
  );
  const assigned = common(
    changes.map(({ view, now }) => {
      const sources = view.sources.of(wordOf(now)).slice().sort(compareSources);
      return [...sources.filter(isPlain).map((source) => `= ${sourceText(source)}`), `= ${now}`];
    }),
  );
  if (changes.length < 2 || (amounts.length > 0 && assigned.length > 0)) {
    return { class: "undetermined", text: null, independent: false };
  }
  if (amounts.length > 0) {
    return { class: "delta", text: amounts[0] ?? null, independent: true };
  }
  return { class: "overwrite", text: assigned[0] ?? null, independent: assigned.length > 0 };
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

function signed(difference: bigint): string {
  return difference < 0n ? `- ${-difference}` : `+ ${difference}`;
}

/** What is in every list, in the order of the first. */
function common(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = lists;
  return first.filter((text) => others.every((list) => list.includes(text)));
}
