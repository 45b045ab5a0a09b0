/**
 * Footprints as people read them: `transfer: balances[msg.sender] rw, balances[to] rw`.
 *
 * Owns: the words. Does not own: the footprint.
 */
import type { Footprint, FootprintAccess, Key } from "./footprint";
import { sourceText } from "./key-source";

/** sources of one key that are shown; the data has all */
const MAX_CANDIDATES_SHOWN = 3;

/** `msg.sender`; `?` if unknown; `a | b` where several sources explain the observations. */
export function keyText({ candidates }: Key): string {
  const more = candidates.length - MAX_CANDIDATES_SHOWN;
  const shown = candidates.slice(0, MAX_CANDIDATES_SHOWN).map(sourceText).join(" | ");
  return candidates.length === 0 ? "?" : `${shown}${more > 0 ? " | …" : ""}`;
}

/** `balances[to]`, `Token(path[0]).balances[msg.sender]`, `(ether balance)[this]` */
export function placeText({ kind, contract, variable, own, owner, keys }: FootprintAccess): string {
  let index = 0;
  const place = variable.replace(/\[\*\]/g, () => {
    const key = keys[index++];
    return `[${key === undefined ? "*" : keyText(key)}]`;
  });
  if (kind !== "storage") {
    return `${place}[${keyText(owner)}]`;
  }
  if (own) {
    return place;
  }
  const [source] = owner.candidates;
  const isFixed = source?.kind === "constant" || source?.kind === "immutable";
  return isFixed ? `${contract}.${place}` : `${contract}(${keyText(owner)}).${place}`;
}

/** `totalSupply rw (every call)` */
export function accessText(access: FootprintAccess): string {
  const { read, write, keys, own, form } = access;
  const verbs = `${read === "never" ? "" : "r"}${write === "never" ? "" : "w"}`;
  const notes: string[] = [];
  const often = read === "every" || write === "every";
  if (!often) {
    notes.push("some calls");
  } else if (keys.length === 0 && own && write === "every") {
    notes.push("every call");
  } else if (write === "some") {
    notes.push("writes in some calls");
  }
  if (form?.class === "silent") {
    notes.push("puts the old value back");
  }
  if (isObservedOnce(access)) {
    notes.push("observed once");
  }
  return `${placeText(access)} ${verbs}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

function isObservedOnce({ owner, keys }: FootprintAccess): boolean {
  return [owner, ...keys].some(({ status }) => status === "observedOnce");
}

/** `transfer: balances[msg.sender] rw, balances[to] rw`; `name: nothing` if it touches no state. */
export function footprintText(footprint: Footprint): string {
  const { signature, sampled, accesses } = footprint;
  const end = signature.indexOf("(");
  const name = end > 0 ? signature.slice(0, end) : signature;
  const texts = accesses.map(accessText);
  if (footprint.onlyFailed) {
    return `${name}: ${texts.length > 0 ? texts.join(", ") : "nothing"} (every call failed)`;
  }
  const once = sampled === 1 && !accesses.some(isObservedOnce) ? " (observed once)" : "";
  return `${name}: ${texts.length > 0 ? texts.join(", ") : "nothing"}${once}`;
}
