/**
 * Which locations a name in a test means: `Pool.reserve0`, `totalSupply`, `balances`, `balances[*]`,
 * `Token.balances[0x7099…]` with the full key, `(ether balance)`.
 *
 * A name stands for everything within it: `orders` for `orders[*].price`. The contract may be left out.
 * A name that no contract has is an error, so that a typing error cannot make a test pass.
 */
import type { ContractMetadata } from "../analysis/contract-metadata";
import type { NamedPlace } from "../analysis/named-conflicts";
import { nearNames } from "../analysis/near-names";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** True if the name means the place. */
export function meansPlace(name: string, place: NamedPlace): boolean {
  const wanted = normal(name);
  const contracts = ["", `${bareContract(place.contract)}.`, `${place.contract}.`];
  return [place.label, place.variable]
    .flatMap(withoutBraces)
    .flatMap(enclosing)
    .some((candidate) => contracts.some((contract) => normal(contract + candidate) === wanted));
}

/**
 * Throws ParallelError ASSERTION_UNKNOWN_SLOT unless the name means one of the places or its variable is
 * in the layout of a contract.
 */
export function requireKnown(
  name: string,
  places: readonly NamedPlace[],
  contracts: readonly ContractMetadata[],
): void {
  if (name.startsWith("slot 0x") || places.some((place) => meansPlace(name, place))) {
    return;
  }
  const known = [...new Set(contracts.flatMap(variablesOf))].sort();
  const root = rootOf(name);
  if (known.some((variable) => variable === root || variable.endsWith(`.${root}`))) {
    return;
  }
  const near = nearNames(name, known);
  throw new ParallelError(ERRORS.ASSERTION_UNKNOWN_SLOT, {
    name,
    near: near.length === 0 ? "no contract has variables" : `did you mean ${near.join(", ")}?`,
  });
}

function variablesOf({ contractName, storageLayout, namespaces }: ContractMetadata): string[] {
  return [...(storageLayout?.storage ?? []), ...(namespaces?.storage ?? [])].map(
    ({ label }) => `${contractName}.${label}`,
  );
}

/** `contracts/Pool.sol:Pool` is `Pool` */
function bareContract(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

/** Addresses and other hex digits in one spelling. */
function normal(name: string): string {
  return name.replace(/0x[0-9a-fA-F]+/g, (digits) => digits.toLowerCase());
}

/** `Pool.orders[3].price` without keys and members: `Pool.orders`, and `orders[3]`: `orders`. */
function rootOf(name: string): string {
  const beforeKeys = name.split("[")[0] ?? name;
  return beforeKeys.split(".").slice(0, 2).join(".");
}

/** `buckets[*].{sold, volume}`: `buckets[*].sold`, `buckets[*].volume`, and the whole. */
function withoutBraces(label: string): string[] {
  const braces = /^(.*)\{([^{}]*)\}(.*)$/.exec(label);
  if (braces === null) {
    return [label];
  }
  const [, before = "", members = "", after = ""] = braces;
  return [label, ...members.split(", ").map((member) => before + member + after)];
}

/** A label and all that it lies in: `orders[3].price`, `orders[3]`, `orders`. */
function enclosing(label: string): string[] {
  const ends = [...label.matchAll(/[.[]/g)].map(({ index }) => index).filter((at) => at > 0);
  return [label, ...ends.map((end) => label.slice(0, end))];
}
