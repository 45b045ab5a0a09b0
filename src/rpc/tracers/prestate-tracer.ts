/**
 * "prestateTracer": the accounts that an execution touched, as they were before it; in diff mode those
 * that it changed, before and after.
 *
 * Owns: which accounts and slots are shown, and the format. What was touched is in the outcome's reads
 * and writes and in the frames.
 */
import type { TransactionOutcome } from "../../execution/outcome";
import { bigIntToHex32, bytesToHex } from "../../state/bytes";
import type { Address, Hex } from "../../state/hex";
import type { StateReader } from "../../state/state-reader";
import { quantity } from "../codec/quantity";
import { FrameTree, framesOf } from "./frame-tree";
import type { TracedExecution, Tracer } from "./tracer";

export interface PrestateTracerConfig {
  readonly diffMode?: boolean;
  readonly disableCode?: boolean;
  readonly disableStorage?: boolean;
}

export interface AccountJson {
  readonly balance?: Hex;
  readonly code?: Hex;
  readonly nonce?: number;
  readonly storage?: Readonly<Record<Hex, Hex>>;
}

type AccountsJson = Readonly<Record<Address, AccountJson>>;

interface AccountState {
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Hex;
}

export function prestateTracer(config: PrestateTracerConfig): Tracer {
  const tree = new FrameTree();
  return {
    observers: { frames: tree },
    result(traced) {
      return config.diffMode === true
        ? changes(traced, tree, config)
        : before(traced, tree, config);
    },
  };
}

function before(
  traced: TracedExecution,
  tree: FrameTree,
  config: PrestateTracerConfig,
): AccountsJson {
  const { preState } = traced.context;
  const slots = touchedSlots(traced.outcome);
  return sorted(
    touchedAccounts(traced, tree).map((address) => {
      const storage = new Map(
        [...(slots.get(address) ?? [])].map((slot) => [slot, preState.storage(address, slot)]),
      );
      return [address, accountJson(stateOf(preState, address), storage, config)];
    }),
  );
}

function changes(
  { context: { preState }, outcome }: TracedExecution,
  tree: FrameTree,
  config: PrestateTracerConfig,
): { readonly post: AccountsJson; readonly pre: AccountsJson } {
  const created = createdAccounts(tree);
  const destroyed = new Set<Address>();
  const after = new Map<Address, { balance: bigint; nonce: bigint; code: Hex }>();
  const slotsAfter = new Map<Address, Map<bigint, bigint>>();
  for (const write of outcome.writes.writes) {
    const { address } = write;
    const account = after.get(address) ?? { ...stateOf(preState, address) };
    after.set(address, account);
    switch (write.kind) {
      case "balance":
        account.balance += write.delta;
        break;
      case "nonce":
        account.nonce = write.value;
        break;
      case "code":
        account.code = bytesToHex(
          outcome.writes.codes.get(write.codeHash) ?? preState.code(write.codeHash),
        );
        break;
      case "storage":
        slotsAfter.set(
          address,
          (slotsAfter.get(address) ?? new Map()).set(write.slot, write.value),
        );
        break;
      case "existence":
        if (!write.exists) {
          destroyed.add(address);
        }
    }
  }
  const pre: [Address, AccountJson][] = [];
  const post: [Address, AccountJson][] = [];
  for (const [address, account] of after) {
    const was = stateOf(preState, address);
    const changed = [...(slotsAfter.get(address) ?? [])].filter(
      ([slot, value]) => value !== preState.storage(address, slot),
    );
    const wasSlots = new Map(
      changed
        .map(([slot]) => [slot, preState.storage(address, slot)] as const)
        .filter(([, value]) => value !== 0n),
    );
    const isSlots = new Map(changed.filter(([, value]) => value !== 0n));
    const difference = {
      ...(account.balance === was.balance ? {} : { balance: quantity(account.balance) }),
      ...(account.code === was.code || config.disableCode === true ? {} : { code: account.code }),
      ...(account.nonce === was.nonce ? {} : { nonce: Number(account.nonce) }),
    };
    const isChanged =
      destroyed.has(address) || changed.length > 0 || Object.keys(difference).length > 0;
    if (isChanged && !created.has(address)) {
      pre.push([address, accountJson(was, wasSlots, config)]);
    }
    if (isChanged && !destroyed.has(address)) {
      post.push([address, { ...difference, ...storageJson(isSlots, config) }]);
    }
  }
  return { post: sorted(post), pre: sorted(pre) };
}

/** All that an execution looked at or changed, and the account that gets its fee. */
function touchedAccounts(
  { context, outcome, from }: TracedExecution,
  tree: FrameTree,
): readonly Address[] {
  const touched = new Set<Address>([from, context.environment.coinbase]);
  for (const { node } of framesOf(tree.root)) {
    const address = node.frame.to ?? node.end?.createdAddress;
    if (address !== undefined) {
      touched.add(address);
    }
  }
  for (const { address } of [...outcome.reads, ...outcome.writes.writes]) {
    touched.add(address);
  }
  return [...touched];
}

function touchedSlots(outcome: TransactionOutcome): ReadonlyMap<Address, ReadonlySet<bigint>> {
  const slots = new Map<Address, Set<bigint>>();
  for (const access of [...outcome.reads, ...outcome.writes.writes]) {
    if (access.kind === "storage") {
      const known = slots.get(access.address) ?? new Set();
      slots.set(access.address, known.add(access.slot));
    }
  }
  return slots;
}

function createdAccounts(tree: FrameTree): ReadonlySet<Address> {
  const created = new Set<Address>();
  for (const { node, stands } of framesOf(tree.root)) {
    if (stands && node.end?.createdAddress !== undefined) {
      created.add(node.end.createdAddress);
    }
  }
  return created;
}

function stateOf(state: StateReader, address: Address): AccountState {
  return {
    balance: state.balance(address),
    nonce: state.nonce(address),
    code: bytesToHex(state.code(state.codeHash(address))),
  };
}

function accountJson(
  { balance, nonce, code }: AccountState,
  storage: ReadonlyMap<bigint, bigint>,
  config: PrestateTracerConfig,
): AccountJson {
  return {
    balance: quantity(balance),
    ...(code === "0x" || config.disableCode === true ? {} : { code }),
    ...(nonce === 0n ? {} : { nonce: Number(nonce) }),
    ...storageJson(storage, config),
  };
}

function storageJson(
  storage: ReadonlyMap<bigint, bigint>,
  config: PrestateTracerConfig,
): Pick<AccountJson, "storage"> {
  if (storage.size === 0 || config.disableStorage === true) {
    return {};
  }
  const entries = [...storage].sort(([first], [second]) => (first < second ? -1 : 1));
  return {
    storage: Object.fromEntries(
      entries.map(([slot, value]) => [bigIntToHex32(slot), bigIntToHex32(value)]),
    ),
  };
}

function sorted(accounts: readonly (readonly [Address, AccountJson])[]): AccountsJson {
  return Object.fromEntries([...accounts].sort(([first], [second]) => (first < second ? -1 : 1)));
}
