/**
 * Why names are missing or may be of another version of a source, in words: stale artifacts, code
 * without a source, layout files that the run contradicts or does not use.
 *
 * Owns: these sentences. Does not own: finding out (known-code.ts, contract-layouts.ts).
 */
import type { ContractLayouts } from "./contract-layouts";
import type { KnownCode } from "./known-code";
import type { NamingEvidence } from "./naming-evidence";

const MAX_ADDRESSES = 3;

export function namingNotes(
  known: KnownCode,
  layouts: ContractLayouts,
  evidence: NamingEvidence,
): readonly string[] {
  const loose = new Set<string>();
  const foreign = new Set<string>();
  for (const [address, codes] of evidence.accounts()) {
    for (const code of codes) {
      const name = known.looseNames(code);
      if (name !== null) {
        loose.add(name);
      }
      if (known.contracts(code).length === 0) {
        foreign.add(address);
      }
    }
  }
  return [
    ...[...layouts.contradictions].map(
      ([path, reason]) => `the layout file ${path} is not used: ${reason}`,
    ),
    ...known
      .importedWithoutCode()
      .map((path) => `the layout file ${path} is not used: no code of the run is its contract's`),
    ...[...loose]
      .sort()
      .map(
        (name) =>
          `code of the run equals ${name} but for its metadata: names are those of the artifact, whose source may be another version`,
      ),
    ...(foreign.size === 0
      ? []
      : [
          `${foreign.size} contract${foreign.size === 1 ? "" : "s"} of the run ${foreign.size === 1 ? "has" : "have"} code that no artifact has (no source, or stale artifacts); named by address: ${list(foreign)}`,
        ]),
  ];
}

function list(addresses: ReadonlySet<string>): string {
  const sorted = [...addresses].sort();
  return `${sorted.slice(0, MAX_ADDRESSES).join(", ")}${sorted.length > MAX_ADDRESSES ? ", …" : ""}`;
}
