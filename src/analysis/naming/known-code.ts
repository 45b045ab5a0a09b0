/**
 * The compiled contracts behind a code hash: of runtime code by its bytes, of init code by what it
 * deployed, of a minimal clone by what it points to.
 *
 * Owns: this lookup and contracts' short names. Does not own: byte comparison (code-matcher.ts).
 */
import { keccak256Hex } from "../../crypto/keccak256";
import type { Address, Hash } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import { CodeMatcher, cloneTarget } from "./code-matcher";
import type { NamingEvidence } from "./naming-evidence";

export class KnownCode {
  readonly #evidence: NamingEvidence;
  readonly #matcher: CodeMatcher;
  readonly #byInitCode: ReadonlyMap<Hash, readonly ContractMetadata[]>;
  readonly #ambiguousNames: ReadonlySet<string>;
  readonly #imported: readonly ContractMetadata[];
  readonly #contracts = new Map<Hash, readonly ContractMetadata[]>();

  constructor(contracts: readonly ContractMetadata[], evidence: NamingEvidence) {
    this.#evidence = evidence;
    this.#imported = contracts.filter(({ imported }) => imported !== undefined);
    this.#matcher = new CodeMatcher(contracts);
    this.#byInitCode = byInitCode(contracts);
    this.#ambiguousNames = ambiguousNames(contracts);
  }

  /** The contracts that a code may be of; none if it is foreign, several only if they cannot be told apart. */
  contracts(codeHash: Hash): readonly ContractMetadata[] {
    let found = this.#contracts.get(codeHash);
    if (found === undefined) {
      this.#contracts.set(codeHash, []); // ends a circle of clones
      found = this.#find(codeHash);
      this.#contracts.set(codeHash, found);
    }
    return found;
  }

  /** Names of the contracts that a code equals in all but metadata: its source may be another version. */
  looseNames(codeHash: Hash): string | null {
    const code = this.#evidence.code(codeHash);
    return code !== undefined && this.#matcher.matchesWithoutMetadataOnly(code)
      ? this.names(this.#matcher.match(code))
      : null;
  }

  /** Layout files of contracts that no code of the recording is of. */
  importedWithoutCode(): string[] {
    const present = new Set(
      [...this.#evidence.deployedCodes()].flatMap((code) => this.contracts(code)),
    );
    return this.#imported.flatMap((contract) =>
      contract.imported === undefined || present.has(contract) ? [] : [contract.imported.path],
    );
  }

  /** True for the code of a minimal clone: its calls are its implementation's, and so is their data. */
  isClone(codeHash: Hash): boolean {
    const code = this.#evidence.code(codeHash);
    return code !== undefined && cloneTarget(code) !== null;
  }

  /** `Token`, or its fully qualified name where several contracts of the project are called so. */
  shortName({ contractName, fullyQualifiedName }: ContractMetadata): string {
    return this.#ambiguousNames.has(contractName) ? fullyQualifiedName : contractName;
  }

  /** `Token`, or `Token | Vault` where it may be either; null for none. */
  names(contracts: readonly ContractMetadata[]): string | null {
    const names = [...new Set(contracts.map((contract) => this.shortName(contract)))];
    return names.length === 0 ? null : names.sort().join(" | ");
  }

  /** The name of the contract at an address; null if it is unknown or was not always the same. */
  nameAt(address: Address): string | null {
    const codes = [...this.#evidence.codesAt(address)];
    const [name, ...others] = new Set(codes.map((code) => this.names(this.contracts(code))));
    return name !== undefined && others.length === 0 ? name : null;
  }

  #find(codeHash: Hash): readonly ContractMetadata[] {
    const code = this.#evidence.code(codeHash);
    if (code !== undefined) {
      const target = cloneTarget(code);
      return target === null
        ? this.#matcher.match(code)
        : this.#agreed([...this.#evidence.codesAt(target)]);
    }
    const runtimes = [...this.#evidence.runtimeOf(codeHash)];
    return runtimes.length > 0 ? this.#agreed(runtimes) : (this.#byInitCode.get(codeHash) ?? []);
  }

  /** The contracts of several codes if all have the same. */
  #agreed(codeHashes: readonly Hash[]): readonly ContractMetadata[] {
    const [first, ...others] = codeHashes.map((codeHash) => this.contracts(codeHash));
    const same = others.every(
      (other) => other.length === first?.length && other.every((one) => first.includes(one)),
    );
    return first !== undefined && same ? first : [];
  }
}

/** Init code without constructor arguments and libraries is the artifact's bytecode itself. */
function byInitCode(
  contracts: readonly ContractMetadata[],
): ReadonlyMap<Hash, readonly ContractMetadata[]> {
  const found = new Map<Hash, ContractMetadata[]>();
  for (const contract of contracts) {
    if (contract.bytecode.length > 2 && contract.linkRanges.length === 0) {
      const hash = keccak256Hex(Buffer.from(contract.bytecode.slice(2), "hex"));
      found.set(hash, [...(found.get(hash) ?? []), contract]);
    }
  }
  return found;
}

function ambiguousNames(contracts: readonly ContractMetadata[]): ReadonlySet<string> {
  const sources = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { contractName, fullyQualifiedName } of contracts) {
    if ((sources.get(contractName) ?? fullyQualifiedName) !== fullyQualifiedName) {
      ambiguous.add(contractName);
    }
    sources.set(contractName, fullyQualifiedName);
  }
  return ambiguous;
}
