/**
 * The words and number formats of the human-readable reports, so that all formats say the same.
 *
 * Owns: words. Does not own: layout and colour.
 */
import type { VerdictKind } from "../../analysis/verdict";
import type { FootprintFields } from "../footprint-report";
import type {
  FixReport,
  FunctionReference,
  Report,
  RowReport,
  SlotReference,
  SlotReport,
} from "../report";
import { plainText } from "./plain-text";

/** `1.0`, `6.3`, `128` */
export function speedUpNumber(value: number): string {
  return value >= 99.95 ? Math.round(value).toString() : value.toFixed(1);
}

/** `85%`; a dash where nothing could be compared. Never rounds up to 100%, never down to 0%. */
export function percent(share: number | null): string {
  if (share === null) {
    return "–";
  }
  const rounded = Math.round(share * 100);
  const shown = rounded === 100 && share < 1 ? 99 : rounded === 0 && share > 0 ? 1 : rounded;
  return `${shown}%`;
}

/** `1,234,567` */
export function count(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 call`, `2 calls` */
export function plural(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`;
}

/** `contracts/Token.sol:Token` is `Token`; an address stays. */
export function contractName(name: string): string {
  return plainText(name.slice(name.lastIndexOf(":") + 1));
}

/** `transfer(address)` is `transfer`; `(no function)` stays. */
function bareName(signature: string): string {
  const end = signature.indexOf("(");
  return end > 0 ? signature.slice(0, end) : signature;
}

/** `transfer`, with its parameters only where the contract has an overload of that name. */
export function functionName(signature: string, siblings: readonly string[]): string {
  const bare = bareName(signature);
  const overloaded = siblings.filter((other) => bareName(other) === bare).length > 1;
  return plainText(overloaded ? signature : bare);
}

/** `Token.balances[*]`, `Token (ether balance)` */
export function slotName({ contract, variable }: SlotReference): string {
  return `${contractName(contract)}${variable.startsWith("(") ? " " : "."}${plainText(variable)}`;
}

/** `balances[0xD4a5…4051]`: addresses within a text, as they are usually abbreviated. */
export function withShortAddresses(text: string): string {
  return text.replace(
    /0x([0-9a-fA-F]{4})[0-9a-fA-F]{32}([0-9a-fA-F]{4})(?![0-9a-fA-F])/g,
    "0x$1…$2",
  );
}

/** `reserve0`, `reserve0 and unlocked`, `reserve0 and 3 more` */
export function slotNames(names: readonly string[]): string {
  const [first = "", second] = names;
  return names.length === 2 && second !== undefined
    ? `${first} and ${second}`
    : firstAndMore(names);
}

/** `reserve0`, `reserve0 and 1 more` */
export function firstAndMore([first = "", ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** `1.0 → 6.3` */
export function gain(fix: FixReport): string {
  return `${speedUpNumber(fix.speedUpBefore)} → ${speedUpNumber(fix.speedUpAfter)}`;
}

export const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  parallel: "parallel",
  keyBound: "by key",
  serial: "serial",
  unmeasured: "no data",
};

/** One sentence per verdict, for the legend. */
export const VERDICT_MEANINGS: Readonly<Record<VerdictKind, string>> = {
  parallel: "calls run at the same time",
  keyBound: "only calls that use the same key wait for each other",
  serial: "calls wait for each other, whoever makes them",
  unmeasured: "never two calls on the same contract in one window",
};

/** What can be said of a row beyond its verdict; empty if nothing. */
export function rowRemark(row: RowReport): string {
  if (row.verdict === "unmeasured" || row.metrics.parallelism === null) {
    return "";
  }
  if (row.onlySameSender && row.verdict === "keyBound") {
    return "only calls of one sender wait";
  }
  const acrossInstances =
    row.instances > 1 &&
    row.parallelismPerInstance !== null &&
    row.metrics.parallelism - row.parallelismPerInstance > 0.1;
  return acrossInstances ? `within each of ${row.instances} instances` : "";
}

/** `read and written by Token.mint, Token.burn; read by Token.transfer` */
export function slotUseWords(slot: SlotReport): string {
  const { readers, writers } = slot;
  const isIn = (list: readonly FunctionReference[], { contract, signature }: FunctionReference) =>
    list.some((other) => other.contract === contract && other.signature === signature);
  const parts: [string, readonly FunctionReference[]][] = [
    ["read and written by", readers.filter((name) => isIn(writers, name))],
    ["written by", writers.filter((name) => !isIn(readers, name))],
    ["read by", readers.filter((name) => !isIn(writers, name))],
  ];
  return parts
    .filter(([, functions]) => functions.length > 0)
    .map(([words, functions]) => `${words} ${functionList(functions)}`)
    .join("; ");
}

function functionList(functions: readonly FunctionReference[]): string {
  const names = new Set(
    functions.map(
      ({ contract, signature }) => `${contractName(contract)}.${plainText(bareName(signature))}`,
    ),
  );
  const more = names.size - 3;
  return [...names].slice(0, 3).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** `windows of 64 consecutive transactions`, `the blocks as they were mined` */
export function windowWords({ workload: { window } }: Report): string {
  return window.mode === "mined"
    ? `${plural(window.count, "block")} as mined, at most ${plural(window.largest, "transaction")} each`
    : `${count(window.count)} of up to ${plural(window.mode, "consecutive transaction")}`;
}

/** `16 blocks in the calling thread (…), 2 blocks on threads`: where the recorded blocks ran; null = none were executed. */
export function executedWords({ observed }: Report): string | null {
  const parts = [
    [observed.blocksParallel, "on threads"],
    [observed.blocksInThread, "in the calling thread (too few transactions, or one thread)"],
    [observed.blocksSequential, "one after the other"],
  ] as const;
  const some = parts.filter(([blocks]) => blocks > 0);
  return some.length === 0
    ? null
    : some.map(([blocks, where]) => `${plural(blocks, "block")} ${where}`).join(", ");
}

/** Why blocks that were meant for threads ran one after the other: a sentence for each reason, its text escaped by `show`. */
export function fallbackSentences(
  { observed }: Report,
  show: (reason: string) => string,
): string[] {
  return observed.fallbacks.map(
    ({ reason, blocks }) => `${plural(blocks, "block")} ran sequentially: ${show(reason)}.`,
  );
}

/** `3,742,872`, in a narrow column `3.74M` */
export function shortGas(gas: number): string {
  const [unit, divisor] = gas >= 1e9 ? ["G", 1e9] : gas >= 1e6 ? ["M", 1e6] : ["k", 1e3];
  return gas < 10_000 ? count(gas) : `${(gas / divisor).toPrecision(3).replace(/e.*/, "")}${unit}`;
}

/** The measured verdict, with what the footprint adds where it is serial: `serial, fixable`. */
export function fullVerdict({
  verdict,
  verdictFromFootprint,
}: RowReport & FootprintFields): string {
  const more = { serialFixable: ", fixable", serialInherent: ", inherent" };
  const kind = verdictFromFootprint?.kind;
  return kind === "serialFixable" || kind === "serialInherent"
    ? VERDICT_WORDS[verdict] + (verdict === "serial" ? more[kind] : "")
    : VERDICT_WORDS[verdict];
}

/** What the words behind `serial` mean. */
export const SERIAL_MEANINGS = {
  fixable: "another way to keep the variable lets the calls run at once",
  inherent: "it is what the function does; another design is another product",
} as const;

/** The line every report ends with. */
export function rootCheckWords({ rootCheck }: Report): string {
  const { blocks, checkedBlocks, equalBlocks, answer, firstUnequalBlock } = rootCheck;
  const line = "parallel state root = sequential state root: ";
  switch (answer) {
    case "yes":
      return `${line}yes (${count(checkedBlocks)} of ${plural(blocks, "block")} checked)`;
    case "no":
      return `${line}no: block ${firstUnequalBlock} differs (${count(equalBlocks)} of ${plural(checkedBlocks, "checked block")} equal)`;
    case "notChecked":
      return `${line}not checked`;
  }
}
