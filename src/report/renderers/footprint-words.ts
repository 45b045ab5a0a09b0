/** What a function's footprint says where nothing could be measured, in a few words. */
import type { FootprintVerdictKind } from "../../analysis/footprints/footprint-verdict";
import type { FootprintFields } from "../footprint-report";
import { plainText } from "./plain-text";

const WORDS: Readonly<Record<FootprintVerdictKind, string>> = {
  parallel: "parallel",
  keyBound: "by key",
  serialFixable: "serial, fixable",
  serialInherent: "serial, inherent",
  serial: "serial",
  unknown: "",
};

/** `by its footprint: serial, fixable: totalSupply`; empty if there is nothing to say. */
export function footprintRemark({ verdictFromFootprint: verdict }: FootprintFields): string {
  if (verdict === undefined || WORDS[verdict.kind] === "") {
    return "";
  }
  const [first, ...others] = new Set(
    verdict.kind === "parallel" ? [] : verdict.on.map(({ variable }) => variable),
  );
  const on = first === undefined ? "" : `: ${plainText(first)}`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `by its footprint: ${WORDS[verdict.kind]}${on}${more}`;
}
