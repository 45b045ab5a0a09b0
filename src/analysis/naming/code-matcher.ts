/**
 * Which compiled contract a deployed code is: equal byte for byte, but for what is only known when
 * it is deployed (immutables, library addresses, a library's own address). Never by selectors:
 * different contracts share those.
 *
 * The metadata hash that solc appends tells apart contracts of equal code, so it is compared first;
 * code that differs in it alone (another comment, another path) still matches where nothing matches
 * fully. Several matches are all given: the caller accepts what they agree on.
 *
 * Owns: the comparison. Does not own: where code comes from.
 */
import type { Address, Hex } from "../../state/hex";
import type { ByteRange, ContractMetadata } from "../contract-metadata";

/** Where solc 0.4.20 and later leave room for a library's own address: PUSH20 0 ADDRESS EQ. */
const LIBRARY_START = /^73(0{40})3014/;
const LIBRARY_ADDRESS: ByteRange = { start: 1, length: 20 };

/** EIP-1167, its forms with arguments behind, and the one with PUSH0: call data go to the address as they came. */
const MINIMAL_PROXIES = [
  /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3/,
  /^0x365f5f375f5f365f73([0-9a-f]{40})5af43d5f5f3e5f3d91602a57fd5bf3/,
];

/** The implementation of a minimal clone (EIP-1167), null for any other code. */
export function cloneTarget(code: Hex): Address | null {
  for (const pattern of MINIMAL_PROXIES) {
    const digits = pattern.exec(code)?.[1];
    if (digits !== undefined) {
      return `0x${digits}`;
    }
  }
  return null;
}

/** True for the code of a library: it runs on its callers' storage and has no variables. */
export function isLibrary(contract: ContractMetadata): boolean {
  return LIBRARY_START.test(contract.deployedBytecode.slice(2));
}

/** Hex digits of code without the CBOR metadata that its last two bytes measure. */
function withoutMetadata(digits: string): string {
  const length = Number.parseInt(digits.slice(-4), 16);
  const start = digits.length - 4 - 2 * length;
  // a CBOR map of at most 15 entries
  return start > 0 && digits[start] === "a" ? digits.slice(0, start) : digits;
}

interface Candidate {
  readonly contract: ContractMetadata;
  readonly digits: string;
  /** Ranges to compare, in hex digits. */
  readonly compared: readonly (readonly [from: number, to: number])[];
}

function candidate(contract: ContractMetadata, digits: string): Candidate {
  const variable = [
    ...contract.immutableRanges,
    ...contract.deployedLinkRanges,
    ...(isLibrary(contract) ? [LIBRARY_ADDRESS] : []),
  ].sort((left, right) => left.start - right.start);
  const compared: [number, number][] = [];
  let from = 0;
  for (const { start, length } of variable) {
    compared.push([from, 2 * start]);
    from = 2 * (start + length);
  }
  compared.push([from, digits.length]);
  return { contract, digits, compared };
}

function equals({ digits, compared }: Candidate, code: string): boolean {
  return compared.every(([from, to]) => digits.slice(from, to) === code.slice(from, to));
}

/** Vyper writes immutables, whole words, behind the code. */
function isFollowedByWords({ digits }: Candidate, code: string): boolean {
  return (code.length - digits.length) % 64 === 0 && code.startsWith(digits);
}

function byLength(candidates: readonly Candidate[]): Map<number, Candidate[]> {
  const groups = new Map<number, Candidate[]>();
  for (const one of candidates) {
    const group = groups.get(one.digits.length);
    if (group === undefined) {
      groups.set(one.digits.length, [one]);
    } else {
      group.push(one);
    }
  }
  return groups;
}

export class CodeMatcher {
  readonly #whole: ReadonlyMap<number, readonly Candidate[]>;
  readonly #stripped: ReadonlyMap<number, readonly Candidate[]>;

  /** contracts with words of data behind their code */
  readonly #withData: readonly Candidate[];

  constructor(contracts: readonly ContractMetadata[]) {
    const deployable = contracts.filter(({ deployedBytecode }) => deployedBytecode.length > 2);
    this.#whole = byLength(
      deployable.map((contract) => candidate(contract, contract.deployedBytecode.slice(2))),
    );
    this.#withData = deployable
      .filter(({ dataBehindCode }) => dataBehindCode === true)
      .map((contract) => candidate(contract, contract.deployedBytecode.slice(2)));
    this.#stripped = byLength(
      deployable.map((contract) =>
        candidate(contract, withoutMetadata(contract.deployedBytecode.slice(2))),
      ),
    );
  }

  /** The contracts whose runtime code this is; usually one, none if it is foreign. */
  match(code: Hex): readonly ContractMetadata[] {
    const digits = code.slice(2);
    const exact = find(this.#whole, digits);
    if (exact.length > 0) {
      return exact;
    }
    const behind = this.#withData.filter((one) => isFollowedByWords(one, digits));
    return behind.length > 0
      ? behind.map(({ contract }) => contract)
      : find(this.#stripped, withoutMetadata(digits));
  }

  /** True if the code matches only when metadata is left aside: its source may be another. */
  matchesWithoutMetadataOnly(code: Hex): boolean {
    const digits = code.slice(2);
    return (
      find(this.#whole, digits).length === 0 &&
      !this.#withData.some((one) => isFollowedByWords(one, digits)) &&
      find(this.#stripped, withoutMetadata(digits)).length > 0
    );
  }
}

function find(
  groups: ReadonlyMap<number, readonly Candidate[]>,
  digits: string,
): ContractMetadata[] {
  return (groups.get(digits.length) ?? [])
    .filter((one) => equals(one, digits))
    .map(({ contract }) => contract);
}
