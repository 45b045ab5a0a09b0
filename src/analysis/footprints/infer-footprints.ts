/**
 * Footprints of all functions of a run, from the sampled calls of each. docs/metrics.md, "Footprint".
 *
 * Owns: grouping calls into functions and accesses into variables. Does not own: roles
 * (access-roles.ts), what writes do (write-form.ts).
 */
import type { ContractMetadata } from "../contract-metadata";
import type { Naming } from "../slot-name";
import type { ValueProbes } from "../value-probes/value-probes";
import { ArgumentDecoder, wordOf } from "./abi-codec";
import { type AccessRole, findRoles } from "./access-roles";
import { type CallView, type DecoderOf, type ViewedAccess, viewCall } from "./call-view";
import type { Footprint, FootprintAccess, Frequency } from "./footprint";
import type { ObservedCalls, ObservedFunction } from "./observed-calls";
import { changedMembers, usedMembers } from "./packed-members";
import type { VariableCall } from "./role-candidates";
import { SlotReader } from "./slot-reader";
import { writeForm } from "./write-form";

/** One access of one call, with the role it plays in the function's footprint. */
export interface RoleOfAccess {
  readonly access: ViewedAccess;
  /** index in `Footprint.accesses` */
  readonly role: number;
}

export interface ModelledCall {
  readonly view: CallView;
  readonly accesses: readonly RoleOfAccess[];
}

/** A footprint with the calls it was inferred from. */
export interface FunctionModel {
  readonly footprint: Footprint;
  readonly functionKeys: readonly string[];
  readonly decoder: ArgumentDecoder;
  readonly calls: readonly ModelledCall[];
}

/** A model for each function that was called, in the order of first call. Pure. */
export function inferFootprints(
  observed: ObservedCalls,
  naming: Naming,
  contracts: readonly ContractMetadata[],
  probes?: ValueProbes,
): FunctionModel[] {
  const functions = observed.functions();
  const decoders = new Map<string, ArgumentDecoder>();
  const byName = new Map(contracts.map((contract) => [contract.fullyQualifiedName, contract]));
  const rows = new Map<string, { contract: string; signature: string; of: ObservedFunction[] }>();
  for (const one of functions) {
    const { contract, signature } = naming.functionOf(one.frame);
    // contracts of equal code have equal functions: any of them has the ABI
    const metadata = byName.get(contract.split(" | ")[0] ?? contract);
    decoders.set(one.functionKey, ArgumentDecoder.for(metadata, signature));
    const key = `${contract}\n${signature}`;
    const row = rows.get(key) ?? { contract, signature, of: [] };
    row.of.push(one);
    rows.set(key, row);
  }
  const reader = new SlotReader(naming);
  const decoderOf: DecoderOf = (key) => decoders.get(key);
  return [...rows.values()].map(({ contract, signature, of }) => {
    const all = of.flatMap(({ sample }) => sample.map((call) => viewCall(call, reader, decoderOf)));
    const effective = all.filter(({ succeeded }) => succeeded);
    const views = effective.length > 0 ? effective : all;
    const { accesses, calls } = infer(views, decoderOf, probes);
    const footprint: Footprint = {
      contract,
      signature,
      calls: of.reduce((sum, one) => sum + one.calls, 0),
      sampled: views.length,
      onlyFailed: effective.length === 0,
      undecoded: views.filter(({ undecoded }) => undecoded).length,
      accesses,
    };
    const functionKeys = of.map(({ functionKey }) => functionKey);
    const decoder =
      decoders.get(functionKeys[0] ?? "") ?? ArgumentDecoder.for(undefined, signature);
    return { footprint, functionKeys, decoder, calls };
  });
}

function infer(
  views: readonly CallView[],
  decoderOf: DecoderOf,
  probes: ValueProbes | undefined,
): { readonly accesses: FootprintAccess[]; readonly calls: ModelledCall[] } {
  const accesses: FootprintAccess[] = [];
  const roleOf = new Map<ViewedAccess, number>();
  for (const calls of byVariable(views)) {
    for (const role of findRoles(calls)) {
      const number = accesses.push(describe(role, views.length, decoderOf, probes)) - 1;
      for (const { access } of role.accesses) {
        // an access that plays two roles (a transfer to oneself) counts for the first
        if (!roleOf.has(access)) {
          roleOf.set(access, number);
        }
      }
    }
  }
  return {
    accesses,
    calls: views.map((view) => ({
      view,
      accesses: view.accesses.map((access) => ({ access, role: roleOf.get(access) ?? -1 })),
    })),
  };
}

/** The calls that touched each variable, in the order of first access. */
function byVariable(views: readonly CallView[]): VariableCall[][] {
  const variables = new Map<string, { view: CallView; accesses: ViewedAccess[] }[]>();
  for (const view of views) {
    for (const access of view.accesses) {
      const { kind, contract, variable, components } = access;
      // several deployments of code without a name have as many names as addresses
      const isOwn = components[0] === wordOf(BigInt(view.contract));
      const key = `${kind}\n${isOwn ? "" : contract}\n${variable}\n${components.length}`;
      const calls = variables.get(key);
      const last = calls?.at(-1);
      if (calls === undefined) {
        variables.set(key, [{ view, accesses: [access] }]);
      } else if (last?.view === view) {
        last.accesses.push(access);
      } else {
        calls.push({ view, accesses: [access] });
      }
    }
  }
  return [...variables.values()];
}

function describe(
  { keys: [owner, ...keys], accesses }: AccessRole,
  calls: number,
  decoderOf: DecoderOf,
  probes: ValueProbes | undefined,
): FootprintAccess {
  const [first] = accesses;
  const callsWith = (wanted: (access: ViewedAccess) => boolean) =>
    new Set(accesses.filter(({ access }) => wanted(access)).map(({ view }) => view)).size;
  const frequency = (count: number): Frequency =>
    count === 0 ? "never" : count === calls ? "every" : "some";
  return {
    kind: first?.access.kind ?? "storage",
    contract: first?.access.contract ?? "",
    variable: first?.access.variable ?? "",
    own: owner?.candidates[0]?.kind === "contract",
    owner: owner ?? { status: "unknown", candidates: [] },
    keys,
    read: frequency(callsWith(({ read }) => read)),
    write: frequency(callsWith(({ write }) => write)),
    form: writeForm(accesses, decoderOf, probes),
    changedMembers: changedMembers(accesses),
    usedMembers: usedMembers(accesses, probes),
    packed: (first?.access.parts.length ?? 0) > 1,
    calls: new Set(accesses.map(({ view }) => view)).size,
    resolved: first?.access.resolved ?? false,
  };
}
