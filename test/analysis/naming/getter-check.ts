/**
 * What the slots that a run touched hold, against what the contracts themselves say: each named part
 * of a slot is compared with the getter that its name stands for, called with the keys of the name.
 *
 * A wrong name, key, order of keys or place within a slot gives another getter's value.
 */
import { AbiCoder, type Interface, type Result } from "ethers";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import type { SlotPart } from "../../../src/analysis/slot-name";
import type { Address } from "../../../src/state/hex";
import { interfaceOf, type RecordedChain } from "./recorded-chain";

/**
 * How the value of a variable without a getter of its name is known: the name of the function that
 * gives it (called with the keys), or the value itself, also by key as the name shows it.
 */
export type ByHand = string | bigint | Readonly<Record<string, bigint>>;

export interface Checked {
  /** `Contract.variable`, sorted */
  readonly variables: readonly string[];
  /** parts whose value is not what the contract says, or that nothing tells */
  readonly wrong: readonly string[];
}

interface Touched {
  readonly address: Address;
  readonly contract: ContractMetadata;
  readonly part: SlotPart;
  /** of the slot, at the end of the run */
  readonly slotValue: bigint;
}

/** Checks every storage slot that any transaction of the chain touched. */
export async function checkAgainstGetters(
  chain: RecordedChain,
  contracts: ReadonlyMap<string, ContractMetadata>,
  byHand: Readonly<Record<string, ByHand>>,
): Promise<Checked> {
  const variables = new Set<string>();
  const wrong: string[] = [];
  for (const touched of await touchedParts(chain, contracts, wrong)) {
    const { contract, part, slotValue } = touched;
    const name = `${contract.contractName}.${part.variable}`;
    variables.add(name);
    const held = (slotValue >> BigInt(8 * part.offset)) & ((1n << BigInt(8 * part.bytes)) - 1n);
    const told = await toldValue(chain, touched, byHand[name]).catch((error) => String(error));
    if (told !== held) {
      wrong.push(`${contract.contractName}.${part.label} holds ${held}, the contract says ${told}`);
    }
  }
  return { variables: [...variables].sort(), wrong };
}

async function touchedParts(
  chain: RecordedChain,
  contracts: ReadonlyMap<string, ContractMetadata>,
  wrong: string[],
): Promise<Touched[]> {
  const naming = createNaming({ metadata: [...contracts.values()], evidence: chain.blocks });
  const found = new Map<string, Touched>();
  for (const { trace } of chain.blocks.flatMap(({ transactions }) => transactions)) {
    for (const { location, frame } of trace.accesses) {
      if (location.kind !== "storage") continue;
      const { address, slot } = location;
      const codeHash = trace.frames[frame]?.codeHash;
      const parts = naming.parts?.(address, slot, codeHash) ?? [];
      const contract = contracts.get(naming.contract(address) ?? "");
      if (contract === undefined || parts.length === 0) {
        wrong.push(`slot ${slot} of ${address} has no name`);
        continue;
      }
      const slotValue = await chain.storage(address, slot);
      for (const part of parts) {
        found.set(`${address} ${part.label}`, { address, contract, part, slotValue });
      }
    }
  }
  return [...found.values()];
}

/** What the contract says of a part; null if neither it nor the hand does. */
async function toldValue(
  chain: RecordedChain,
  { address, contract, part }: Touched,
  byHand: ByHand | undefined,
): Promise<bigint | null> {
  if (typeof byHand === "bigint") {
    return byHand;
  }
  if (typeof byHand === "object") {
    return byHand[part.keys.map(({ text }) => text).join()] ?? null;
  }
  const [root = "", ...path] = part.variable.replaceAll("[*]", "").split(".");
  const abi: Interface = interfaceOf(contract);
  const getter = abi.getFunction(byHand ?? root);
  if (getter === null) {
    return null;
  }
  const args = part.keys.map(
    ({ value }, i) => AbiCoder.defaultAbiCoder().decode([getter.inputs[i]?.type ?? ""], value)[0],
  );
  const result: Result = await chain.askAll(contract, address, getter.name, args);
  const member = path.at(-1);
  const value: unknown =
    byHand !== undefined || member === undefined ? result[0] : result.getValue(member);
  return part.holds === "bytes" ? shortString(String(value)) : asWord(value);
}

/** A string of up to 31 bytes as Solidity stores it: the bytes on the left, twice their number right. */
function shortString(text: string): bigint {
  const bytes = Buffer.from(text);
  return BigInt(`0x${bytes.toString("hex").padEnd(64, "0")}`) | BigInt(2 * bytes.length);
}

function asWord(value: unknown): bigint {
  // numbers, addresses and words of bytes as ethers gives them
  return typeof value === "boolean" ? BigInt(value) : BigInt(String(value));
}
