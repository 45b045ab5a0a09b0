/**
 * Asks the compiler for the layout of a namespaced struct: a contract that does nothing but hold a
 * variable of the struct's type is compiled along, one file for each, so that one that does not
 * compile can be left out. Structs have no visibility: those of libraries and of other contracts can
 * be named from anywhere.
 *
 * Owns: these sources and reading back what the compiler says of them. Does not own: running it.
 */
import type { StorageLayout } from "../contract-metadata";
import type { Declarations } from "./declarations";
import { type Namespace, placedLabel } from "./namespaces";

const FOLDER = "hardhat-parallel-generated/";
const CONTRACT = "HoldsNamespace";
const VARIABLE = "namespace_";

export function isGeneratedSource(name: string): boolean {
  return name.startsWith(FOLDER);
}

function keyOf({ source, struct }: Pick<Namespace, "source" | "struct">): string {
  return `${source}:${struct}`;
}

/** Structs to ask for: each once, in a stable order. */
export function namespacedStructs(declarations: Declarations): string[] {
  const keys = Object.values(declarations.contracts).flatMap(({ namespaces }) =>
    namespaces.map(keyOf),
  );
  return [...new Set(keys)].sort();
}

/** Sources by name, for the compiler's input. `structs`: as `namespacedStructs` gives them. */
export function namespaceSources(
  structs: readonly string[],
): Record<string, { readonly content: string }> {
  return Object.fromEntries(
    structs.map((key, number) => {
      const at = key.lastIndexOf(":");
      const path = JSON.stringify(key.slice(0, at));
      const type = `Source.${key.slice(at + 1)}`;
      const content = `import ${path} as Source;\ncontract ${CONTRACT} { ${type} ${VARIABLE}; }\n`;
      return [`${FOLDER}${number}.sol`, { content }];
    }),
  );
}

/** By struct key: the layout of a contract that holds it alone, at slot 0. */
export type StructLayouts = Readonly<Record<string, StorageLayout>>;

/** `contracts`: the compiler's output, in which `namespaceSources(structs)` were compiled. */
export function structLayouts(
  structs: readonly string[],
  contracts: Readonly<
    Record<string, Readonly<Record<string, { readonly storageLayout?: StorageLayout }>>>
  >,
): StructLayouts {
  return Object.fromEntries(
    structs.flatMap((key, number) => {
      const layout = contracts[`${FOLDER}${number}.sol`]?.[CONTRACT]?.storageLayout;
      return layout === undefined ? [] : [[key, layout]];
    }),
  );
}

/**
 * A contract's namespaces as variables of one layout, at their absolute slots: each called as its
 * label says, by full name and place where two are called the same. Namespaces without a layout are left out.
 */
export function namespaceLayout(
  namespaces: readonly Namespace[],
  layouts: StructLayouts,
): StorageLayout {
  const found = namespaces.flatMap((namespace) => {
    const layout = layouts[keyOf(namespace)];
    const [variable] = layout?.storage ?? [];
    return layout === undefined || variable === undefined ? [] : [{ namespace, layout, variable }];
  });
  const isAmbiguous = ({ label, struct, source }: Namespace): boolean =>
    found.some(
      ({ namespace }) =>
        namespace.label === label && (namespace.struct !== struct || namespace.source !== source),
    );
  return {
    storage: found.map(({ namespace, variable }) => ({
      ...variable,
      label: isAmbiguous(namespace)
        ? placedLabel(namespace.struct, namespace.slot)
        : namespace.label,
      slot: namespace.slot,
    })),
    types: Object.assign({}, ...found.map(({ layout }) => layout.types)),
  };
}
