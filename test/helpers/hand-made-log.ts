/**
 * Access logs written by hand: contracts with named slots, calls that read and write them, blocks.
 * Every number of a test can then be derived on paper.
 *
 * As in a real log every transaction reads and writes its sender's nonce, checks that the sender's
 * balance covers the cost, and credits the coinbase.
 */
import { createHash } from "node:crypto";
import type {
  BlockRecord,
  Frame,
  FrameAccess,
  FrameKind,
  ObservedExecution,
  TransactionRecord,
  TransactionTrace,
  WriteRecord,
} from "../../src/access-log/block-record";
import type { FunctionName, Naming, SlotName, SlotPart } from "../../src/analysis/slot-name";
import { type Address, EMPTY_CODE_HASH, type Hash, type Hex } from "../../src/state/hex";
import { type Location, locationKey } from "../../src/state/location";
import { PRE_STATE_ORIGIN, type Read, UNBOUNDED } from "../../src/state/read-set";

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The account of a name; the same name is always the same account. */
export function account(name: string): Address {
  return `0x${digest(`account ${name}`).slice(0, 40)}`;
}

export const COINBASE = account("coinbase");

const WHOLE: SlotPart = {
  label: "",
  variable: "",
  keys: [],
  offset: 0,
  bytes: 32,
  holds: "value",
};

/** One contract deployed at one address. `instance` tells several deployments apart. */
export class HandMadeContract {
  readonly address: Address;
  readonly codeHash: Hash;
  readonly #slots: {
    readonly variable: string;
    readonly key: string | null;
    readonly packed?: readonly SlotPart[];
  }[] = [];

  constructor(
    readonly name: string,
    instance = "",
  ) {
    this.address = account(`contract ${name} ${instance}`);
    this.codeHash = `0x${digest(`code ${name}`)}`;
  }

  /** The slot of a variable, or of one entry of it: `slot("balances", "alice")`. */
  slot(variable: string, key: string | null = null): Location {
    let number = this.#slots.findIndex((slot) => slot.variable === variable && slot.key === key);
    if (number === -1) {
      number = this.#slots.push({ variable, key }) - 1;
    }
    return { kind: "storage", address: this.address, slot: BigInt(number) };
  }

  /** The slot of an entry whose key is an address. */
  keyed(variable: string, key: Address): Location {
    return this.slot(variable, key);
  }

  /** One slot with several variables of the given sizes in bytes, from its right end on. */
  packed(sizes: Readonly<Record<string, number>>): Location {
    const variable = Object.keys(sizes).join(", ");
    const known = this.#slots.findIndex((slot) => slot.variable === variable);
    let offset = 0;
    const packed = Object.entries(sizes).map(([name, bytes]): SlotPart => {
      offset += bytes;
      return { ...WHOLE, label: name, variable: name, bytes, offset: offset - bytes };
    });
    const number = known === -1 ? this.#slots.push({ variable, key: null, packed }) - 1 : known;
    return { kind: "storage", address: this.address, slot: BigInt(number) };
  }

  parts(slot: bigint): readonly SlotPart[] {
    const known = this.#slots[Number(slot)];
    if (known === undefined || known.variable.startsWith("?")) {
      return [];
    }
    const { label, variable } = this.slotName(slot);
    const { key, packed } = known;
    const address = key?.startsWith("0x") === true ? key : account(key ?? "");
    const value: Hex = `0x${address.slice(2).padStart(64, "0")}`;
    const holds = variable.endsWith(".length") ? "length" : "value";
    const keys = key === null ? [] : [{ kind: "mapping" as const, value, text: key }];
    return packed ?? [{ ...WHOLE, label, variable, keys, holds }];
  }

  slotName(slot: bigint, changed = 0n): SlotName {
    const known = this.#slots[Number(slot)];
    const concerned = known?.packed?.filter(
      ({ offset, bytes }) =>
        changed === 0n || (changed >> BigInt(8 * offset)) % (1n << BigInt(8 * bytes)) !== 0n,
    );
    if (concerned !== undefined) {
      const text = concerned.map(({ label }) => label).join(", ");
      return { contract: this.name, label: text, variable: text, resolved: true };
    }
    const label = `slot 0x${slot.toString(16)}`;
    return known === undefined || known.variable.startsWith("?")
      ? { contract: this.name, label, variable: label, resolved: false }
      : {
          contract: this.name,
          label: known.key === null ? known.variable : `${known.variable}[${known.key}]`,
          variable: known.key === null ? known.variable : `${known.variable}[*]`,
          resolved: true,
        };
  }
}

export interface Touch {
  readonly location: Location;
  readonly read: boolean;
  readonly write: boolean;
  /** storage only; equal = the old value is put back */
  readonly before: bigint;
  readonly after: bigint;
}

export function reads(location: Location): Touch {
  return { location, read: true, write: false, before: 1n, after: 1n };
}

/** Reads and writes, as every SSTORE does. */
export function updates(location: Location, before = 1n, after = 2n): Touch {
  return { location, read: true, write: true, before, after };
}

/** Writes without reading: a balance that is only credited. */
export function writes(location: Location): Touch {
  return { location, read: false, write: true, before: 1n, after: 2n };
}

export interface HandMadeCall {
  readonly contract: HandMadeContract;
  /** full signature, or "constructor" */
  readonly fn: string;
  readonly touches?: readonly Touch[];
  readonly calls?: readonly HandMadeCall[];
  /** gas of an internal call; the outermost has the transaction's */
  readonly gas?: number;
  readonly kind?: FrameKind;
  /** whose storage: the caller's for a delegatecall */
  readonly storageOwner?: Address;
  /** calldata beyond the selector, to tell a proxy's delegatecall from a library's */
  readonly argument?: string;
  readonly value?: bigint;
  readonly success?: boolean;
}

export interface HandMadeTransaction {
  readonly from: string;
  /** gas before refund */
  readonly gas: number;
  readonly intrinsicGas?: number;
  /** absent: a plain transfer of ether to `to` */
  readonly call?: HandMadeCall;
  readonly to?: string;
  readonly value?: bigint;
  readonly deploys?: boolean;
  readonly failed?: boolean;
  /** what the code hashed, and to what */
  readonly preimages?: TransactionTrace["preimages"];
}

/** 32 bytes as hex digits: an argument, a key, half a preimage. */
export function word(value: bigint | number): string {
  return BigInt(value).toString(16).padStart(64, "0");
}

export function selectorOf(fn: string): Hex {
  return fn === "receive" ? "0x" : `0x${digest(`selector ${fn}`).slice(0, 8)}`;
}

export interface HandMadeBlock {
  readonly transactions: readonly HandMadeTransaction[];
  readonly segment?: number;
  readonly section?: string;
  readonly rootCheck?: BlockRecord["rootCheck"];
  readonly observed?: Partial<ObservedExecution>;
}

/** The records of blocks 1, 2, …. */
export function handMadeLog(blocks: readonly HandMadeBlock[]): BlockRecord[] {
  return blocks.map((block, index) => ({
    number: BigInt(index + 1),
    timestamp: BigInt(1_700_000_000 + index),
    coinbase: COINBASE,
    hardfork: "prague",
    gasLimit: 30_000_000n,
    gasUsed: BigInt(block.transactions.reduce((sum, { gas }) => sum + gas, 0)),
    segment: block.segment ?? 0,
    ...(block.section === undefined ? {} : { section: block.section }),
    transactions: block.transactions.map(transactionRecord),
    observed: {
      mode: "inThread",
      workers: 0,
      incarnations: block.transactions.map(() => 1),
      aborts: [],
      milliseconds: 1,
      ...block.observed,
    },
    rootCheck:
      block.rootCheck === undefined
        ? { parallel: `0x${"11".repeat(32)}`, sequential: `0x${"11".repeat(32)}` }
        : block.rootCheck,
  }));
}

/** Each transaction in a block of its own, as automine does. */
export function oneByOne(transactions: readonly HandMadeTransaction[]): HandMadeBlock[] {
  return transactions.map((transaction) => ({ transactions: [transaction] }));
}

function transactionRecord(transaction: HandMadeTransaction, index: number): TransactionRecord {
  const from = account(transaction.from);
  const frames: Frame[] = [];
  const accesses: FrameAccess[] = [];
  const touched = new Map<string, Touch>();
  const touch = (frame: number, made: Touch): void => {
    accesses.push({
      frame,
      location: made.location,
      read: made.read,
      write: made.write,
      readPc: -1,
      writePc: -1,
    });
    const key = locationKey(made.location);
    const before = touched.get(key);
    touched.set(
      key,
      before === undefined
        ? made
        : {
            ...made,
            read: before.read || made.read,
            write: before.write || made.write,
            before: before.before,
          },
    );
  };
  const enter = (call: HandMadeCall, parent: number, caller: Address, gas: number): void => {
    const number = frames.length;
    const kind = call.kind ?? (call.fn === "constructor" ? "create" : "call");
    const selector = kind === "create" ? "0x" : selectorOf(call.fn);
    const input: Hex = `0x${selector.slice(2)}${call.argument ?? ""}`;
    frames.push({
      parent,
      depth: parent === -1 ? 0 : (frames[parent]?.depth ?? 0) + 1,
      kind,
      caller,
      codeAddress: call.contract.address,
      codeHash: call.contract.codeHash,
      storageOwner: call.storageOwner ?? call.contract.address,
      value: call.value ?? 0n,
      input,
      inputLength: (input.length - 2) / 2,
      gasUsed: BigInt(gas),
      success: call.success ?? true,
    });
    for (const made of call.touches ?? []) {
      touch(number, made);
    }
    for (const inner of call.calls ?? []) {
      enter(inner, number, call.storageOwner ?? call.contract.address, inner.gas ?? 0);
    }
  };
  const intrinsic = transaction.intrinsicGas ?? 0;
  const { call } = transaction;
  const to = call === undefined ? account(transaction.to ?? "nobody") : call.contract.address;
  if (call !== undefined) {
    enter({ ...call, value: transaction.value ?? 0n }, -1, from, transaction.gas - intrinsic);
  } else {
    frames.push({
      parent: -1,
      depth: 0,
      kind: "call",
      caller: from,
      codeAddress: to,
      codeHash: EMPTY_CODE_HASH,
      storageOwner: to,
      value: transaction.value ?? 0n,
      input: "0x",
      inputLength: 0,
      gasUsed: 0n,
      success: true,
    });
    touch(0, writes({ kind: "balance", address: to }));
  }
  touch(0, updates({ kind: "nonce", address: from }));
  touch(0, writes({ kind: "balance", address: from }));
  touch(0, writes({ kind: "balance", address: COINBASE }));
  const covered: Read = {
    kind: "balance",
    address: from,
    min: 1n,
    max: UNBOUNDED,
    origin: PRE_STATE_ORIGIN,
  };
  const all = [...touched.values()];
  return {
    transactionIndex: index,
    hash: `0x${digest(`${transaction.from} ${index}`)}`,
    type: 2,
    from,
    to: transaction.deploys === true ? null : to,
    createdAddress: transaction.deploys === true ? to : null,
    nonce: 1n,
    value: transaction.value ?? 0n,
    status: transaction.failed === true ? 0 : 1,
    gasLimit: BigInt(transaction.gas),
    gasUsed: BigInt(transaction.gas),
    gasBeforeRefund: BigInt(transaction.gas),
    intrinsicGas: BigInt(intrinsic),
    reads: [
      ...(all.some((made) => made.read && sameLocation(made.location, covered)) ? [] : [covered]),
      ...all.filter((made) => made.read).map(readOf),
    ],
    writes: all.filter((made) => made.write).map(writeOf),
    trace: { frames, accesses, preimages: transaction.preimages ?? [], transient: [] },
    deployed: [],
  };
}

function sameLocation(a: Location, b: Location): boolean {
  return locationKey(a) === locationKey(b);
}

function readOf({ location, before }: Touch): Read {
  const origin = PRE_STATE_ORIGIN;
  switch (location.kind) {
    case "storage":
      return { ...location, value: before, origin };
    case "balance":
    case "nonce":
      return { kind: location.kind, address: location.address, min: before, max: before, origin };
    case "code":
      return { kind: "code", address: location.address, codeHash: EMPTY_CODE_HASH, origin };
    case "existence":
      return { kind: "existence", address: location.address, exists: true, origin };
  }
}

function writeOf({ location, before, after }: Touch): WriteRecord {
  switch (location.kind) {
    case "storage":
      return { write: { ...location, value: after }, before };
    case "balance":
      return {
        write: { kind: "balance", address: location.address, delta: after - before },
        before: null,
      };
    case "nonce":
      return { write: { kind: "nonce", address: location.address, value: after }, before };
    case "code":
      return {
        write: { kind: "code", address: location.address, codeHash: `0x${digest("new code")}` },
        before: EMPTY_CODE_HASH,
      };
    case "existence":
      return {
        write: {
          kind: "existence",
          address: location.address,
          exists: after !== 0n,
          clearsStorage: true,
        },
        before: true,
      };
  }
}

/** Names for the given contracts and functions; everything else is unresolved. */
export function handMadeNaming(
  contracts: readonly HandMadeContract[],
  functions: readonly string[],
): Naming {
  const byAddress = new Map(contracts.map((contract) => [contract.address, contract]));
  const byCode = new Map(contracts.map((contract) => [contract.codeHash, contract]));
  const bySelector = new Map(functions.map((fn) => [selectorOf(fn), fn]));
  return {
    parts: (address, slot) => byAddress.get(address)?.parts(slot) ?? [],
    slot: (address, slot, change) =>
      byAddress.get(address)?.slotName(slot, (change?.before ?? 0n) ^ (change?.after ?? 0n)) ?? {
        contract: address,
        label: `slot 0x${slot.toString(16)}`,
        variable: `slot 0x${slot.toString(16)}`,
        resolved: false,
      },
    contract: (address) => byAddress.get(address)?.name ?? null,
    functionOf: (frame): FunctionName => {
      const contract = byCode.get(frame.codeHash);
      const isCreation = frame.kind === "create" || frame.kind === "create2";
      // a selector is the first four bytes of the calldata: hex again
      const selector = frame.input.slice(0, 10) as Hex;
      const signature = isCreation ? "constructor" : bySelector.get(selector);
      return {
        contract:
          contract === undefined
            ? frame.codeAddress
            : `contracts/${contract.name}.sol:${contract.name}`,
        signature: signature ?? selector,
        resolved: contract !== undefined && signature !== undefined,
      };
    },
  };
}
