/**
 * Sources by name, as they were compiled.
 * Owns: that nothing is shown where two compilations had different texts or lines.
 */
import type { ContractMetadata, SourceLines } from "../../analysis/contract-metadata";

export interface SourceLookup {
  /** null where it is unknown, or not the same in every compilation */
  functionLines(contract: string, signature: string): SourceLines | null;
  lines(file: string): readonly string[] | null;
}

export function sourceLookup(contracts: readonly ContractMetadata[]): SourceLookup {
  const texts = new Map<string, string | null>();
  const seen = new Set<object>();
  for (const { sourceMap } of contracts) {
    if (sourceMap === undefined || seen.has(sourceMap.files)) {
      continue;
    }
    seen.add(sourceMap.files);
    for (const { name, content } of Object.values(sourceMap.files)) {
      const known = texts.get(name);
      const same = content !== undefined && (known === undefined || known === content);
      texts.set(name, same ? content : null);
    }
  }
  const byName = new Map<string, ContractMetadata[]>();
  for (const contract of contracts) {
    const { fullyQualifiedName } = contract;
    byName.set(fullyQualifiedName, [...(byName.get(fullyQualifiedName) ?? []), contract]);
  }
  const split = new Map<string, readonly string[]>();
  return {
    functionLines(contract, signature) {
      const places = (byName.get(contract) ?? []).map(
        ({ functionLines }) => functionLines?.[signature],
      );
      const [first] = places;
      const same = places.every(
        (place) =>
          place?.file === first?.file && place?.from === first?.from && place?.to === first?.to,
      );
      return first !== undefined && same ? first : null;
    },
    lines(file) {
      const text = texts.get(file) ?? null;
      if (text === null) {
        return null;
      }
      const lines = split.get(file) ?? text.split(/\r\n|\r|\n/);
      split.set(file, lines);
      return lines;
    },
  };
}
