/**
 * Names of slots, contracts and functions, from what the compiler says and what the recording shows
 * (product terms in slot-name.ts).
 *
 * Invariant: never a guess. Whatever is not established by code, layout and hashes is
 * `resolved: false`.
 *
 * Owns: the text of names. Does not own: which layouts apply (storage-readings.ts), the search
 * within a layout (slot-resolver.ts).
 */
import type { BlockRecord } from "../../access-log/block-record";
import { bytesToHex } from "../../state/bytes";
import type { Address, Hash } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import type { Naming, NamingNotes, SlotName, SlotPart, TransientNaming } from "../slot-name";
import { ContractLayouts } from "./contract-layouts";
import { functionName } from "./function-names";
import { KnownCode } from "./known-code";
import type { SlotMember } from "./layout-walk";
import { NamingEvidence } from "./naming-evidence";
import { namingNotes } from "./naming-notes";
import {
  type Change,
  joinLabels,
  joinVariables,
  memberLabel,
  narrow,
  toPart,
} from "./packed-members";
import { projectNames } from "./project-names";
import { askHook, type SlotHook } from "./slot-hook";
import { StorageReadings } from "./storage-readings";
import { wellKnownSlot } from "./well-known-slots";

export interface NamingInput {
  readonly metadata: readonly ContractMetadata[];
  /** The recording: its blocks, or the evidence collected from them block by block. */
  readonly evidence: NamingEvidence | Iterable<BlockRecord>;
  /** Labels of accounts, by lower-case address; used in keys. */
  readonly accounts?: ReadonlyMap<Address, string>;
  /** Asked for slots that have no name otherwise. */
  readonly slotResolver?: SlotHook;
}

/** Names for a recording. The evidence must be complete: what is added later is not seen. */
export function createNaming(input: NamingInput): Naming & TransientNaming & NamingNotes {
  const { evidence } = input;
  const facts = evidence instanceof NamingEvidence ? evidence : NamingEvidence.of(evidence);
  return new RecordedNaming(input, facts);
}

class RecordedNaming implements Naming, TransientNaming, NamingNotes {
  readonly #evidence: NamingEvidence;
  readonly #known: KnownCode;
  readonly #readings: StorageReadings;
  readonly #layouts: ContractLayouts;
  readonly #hook: SlotHook | undefined;
  /** storages with a slot that their codes see differently, in words */
  readonly #clashes = new Set<string>();

  constructor({ metadata, accounts, slotResolver }: NamingInput, evidence: NamingEvidence) {
    this.#evidence = evidence;
    this.#known = new KnownCode(metadata, evidence);
    this.#layouts = new ContractLayouts(
      evidence,
      this.#known,
      projectNames(metadata, accounts ?? new Map()),
    );
    this.#readings = new StorageReadings(evidence, this.#known, this.#layouts);
    this.#hook = slotResolver;
  }

  slot(address: Address, slot: bigint, change?: Change, codeHash?: Hash): SlotName {
    const standard = wellKnownSlot(slot);
    if (standard !== undefined) {
      const contract = this.contract(address) ?? this.#readings.storageName(address, codeHash);
      return { contract, label: standard, variable: standard, resolved: true };
    }
    const reading = this.#readings.agreed(address, slot, codeHash);
    const members = "members" in reading ? narrow(reading.members, change) : null;
    if (!("members" in reading) || members === null) {
      return this.#unnamed(address, slot, codeHash, "clash" in reading ? reading.clash : []);
    }
    return slotName(reading.contract, reading.members, members);
  }

  transientSlot(address: Address, slot: bigint): SlotName {
    const agreement = this.#readings.agreedTransient(address, slot);
    if ("members" in agreement) {
      return slotName(agreement.contract, agreement.members, agreement.members);
    }
    const { clash } = agreement;
    const label = `slot 0x${slot.toString(16)}`;
    const unnamed = { contract: this.contract(address) ?? address, label, variable: label };
    return { ...unnamed, resolved: false, ...(clash.length > 0 ? { clash } : {}) };
  }

  parts(address: Address, slot: bigint, codeHash?: Hash): readonly SlotPart[] {
    const agreement = this.#readings.agreed(address, slot, codeHash);
    return "members" in agreement ? agreement.members.map(toPart) : [];
  }

  contract(address: Address, codeHash?: Hash): string | null {
    return codeHash === undefined
      ? this.#known.nameAt(address)
      : this.#known.names(this.#known.contracts(codeHash));
  }

  notes(): readonly string[] {
    return [
      ...[...this.#clashes].sort(),
      ...namingNotes(this.#known, this.#layouts, this.#evidence),
    ];
  }

  functionOf(
    frame: Parameters<Naming["functionOf"]>[0],
    frames?: Parameters<Naming["functionOf"]>[1],
  ): ReturnType<Naming["functionOf"]> {
    return functionName(frame, frames, this.#known);
  }

  #unnamed(
    address: Address,
    slot: bigint,
    codeHash: Hash | undefined,
    clash: readonly string[],
  ): SlotName {
    const label = `slot 0x${slot.toString(16)}`;
    const contract = this.#readings.storageName(address, codeHash);
    if (this.#hook !== undefined) {
      const [root] = this.#evidence.preimages.below(slot);
      const named = askHook(this.#hook, {
        address,
        slot,
        contract,
        codeHash: codeHash ?? null,
        root:
          root === undefined
            ? null
            : { preimage: bytesToHex(root.preimage), distance: slot - root.hash },
      });
      if (named !== null) {
        return named;
      }
    }
    const unnamed = { contract, label, variable: label, resolved: false };
    if (clash.length === 0) {
      return unnamed;
    }
    this.#clashes.add(`${label} of ${address} has no name, for it is ${clash.join(" and ")}`);
    return { ...unnamed, clash };
  }
}

/** `all`: the members of the slot; `concerned`: those of them that the access concerns. */
function slotName(
  contract: string,
  all: readonly SlotMember[],
  concerned: readonly SlotMember[],
): SlotName {
  return {
    contract,
    label: joinLabels(concerned),
    variable: joinVariables(concerned),
    resolved: true,
    ...(all.length > 1 ? { packed: concerned.map(memberLabel) } : {}),
  };
}
