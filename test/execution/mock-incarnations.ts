/**
 * Transactions without an EVM: little programs on a state view, and a sequential model of the state
 * below them. They read, branch on what they read, and write to few enough places that they get in
 * each other's way.
 */
import fc from "fast-check";
import type { ExecuteIncarnation, IncarnationResult } from "../../src/execution/block-participant";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { type LocationReader, ReadBlocked } from "../../src/execution/location-reader";
import type { Address, Hash } from "../../src/state/hex";
import { EMPTY_CODE_HASH } from "../../src/state/hex";
import { type Location, locationKey } from "../../src/state/location";
import {
  PRE_STATE_ORIGIN,
  type Read,
  type ReadOrigin,
  type ReadSet,
} from "../../src/state/read-set";
import type { StateReader } from "../../src/state/state-reader";
import type { WriteSet } from "../../src/state/write-set";

export const ACCOUNTS: readonly Address[] = [1, 2, 3].map(
  (n): Address => `0x${n.toString(16).padStart(40, "0")}`,
);

export type Step =
  | {
      readonly op: "readSlot" | "writeSlot" | "addSlot";
      readonly account: number;
      readonly slot: number;
    }
  | {
      readonly op:
        | "readBalance"
        | "bumpNonce"
        | "setCode"
        | "readCode"
        | "create"
        | "hasStorage"
        | "exists"
        | "isEmpty";
      readonly account: number;
    }
  | { readonly op: "atLeast" | "credit"; readonly account: number; readonly amount: number }
  | { readonly op: "pay"; readonly account: number; readonly to: number; readonly amount: number }
  | { readonly op: "destroy"; readonly account: number }
  | { readonly op: "skipIfOdd"; readonly count: number };

/** `requires`: the transaction is invalid unless account 0's nonce is at least this. */
export interface Program {
  readonly steps: readonly Step[];
  readonly requires?: number;
}

const account = fc.nat({ max: ACCOUNTS.length - 1 });
const slot = fc.nat({ max: 2 });
const amount = fc.nat({ max: 40 });

export const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant("readSlot" as const), account, slot }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("writeSlot" as const), account, slot }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("addSlot" as const), account, slot }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("readBalance" as const), account }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("atLeast" as const), account, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant("pay" as const), account, to: account, amount }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("credit" as const), account, amount }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("bumpNonce" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("setCode" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("readCode" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("create" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("destroy" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("hasStorage" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("isEmpty" as const), account }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("exists" as const), account }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant("skipIfOdd" as const), count: fc.nat({ max: 3 }) }),
  },
);

export const programArbitrary: fc.Arbitrary<Program> = fc.record(
  { steps: fc.array(stepArbitrary, { maxLength: 8 }), requires: fc.nat({ max: 3 }) },
  { requiredKeys: ["steps"] },
);

/** What a program observed, folded into one number: differs if any observation differs. */
export type Digest = number;

function fold(digest: Digest, observed: bigint | boolean | string): Digest {
  let hash = digest;
  for (const character of String(observed)) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash;
}

/** Runs a program; `turn` is awaited before each step, so that others can come in between. */
export async function runProgram(
  program: Program,
  reader: LocationReader,
  turn: () => Promise<void> | void,
): Promise<IncarnationResult<Digest>> {
  const view = new IncarnationView(reader, false);
  try {
    await turn();
    if (program.requires !== undefined && view.nonce(addressOf(0)) < BigInt(program.requires)) {
      return { kind: "invalid", reads: view.readSet(), result: -1 };
    }
    let digest = 7;
    let skip = 0;
    const destroyed: Address[] = [];
    for (const step of program.steps) {
      await turn();
      if (skip > 0) {
        skip--;
      } else if (step.op === "skipIfOdd") {
        skip = digest % 2 === 1 ? step.count : 0;
      } else if (step.op === "destroy") {
        destroyed.push(addressOf(step.account));
      } else {
        digest = runStep(step, view, digest);
      }
    }
    for (const address of new Set(destroyed)) {
      view.destroy(address); // at the end of the transaction, as SELFDESTRUCT does
    }
    return {
      kind: "executed",
      reads: view.readSet(),
      writes: view.writeSet(),
      writeLocations: view.writeLocations,
      result: digest,
      gasUse: null,
      receipt: null,
    };
  } catch (error) {
    if (error instanceof ReadBlocked) {
      return { kind: "blocked", writer: error.blockingTransaction };
    }
    throw error;
  }
}

function runStep(
  step: Exclude<Step, { op: "skipIfOdd" | "destroy" }>,
  view: IncarnationView,
  digest: Digest,
): Digest {
  const address = addressOf(step.account);
  switch (step.op) {
    case "readSlot":
      return fold(digest, view.storage(address, BigInt(step.slot)));
    case "writeSlot":
      view.setStorage(address, BigInt(step.slot), BigInt(digest % 3)); // few values: often equal
      return digest;
    case "addSlot":
      view.setStorage(address, BigInt(step.slot), view.storage(address, BigInt(step.slot)) + 1n);
      return digest;
    case "readBalance":
      return fold(digest, view.balance(address));
    case "atLeast":
      return fold(digest, view.balanceAtLeast(address, BigInt(step.amount)));
    case "credit":
      view.credit(address, BigInt(step.amount));
      return digest;
    case "pay": {
      const amount = BigInt(step.amount);
      if (!view.balanceAtLeast(address, amount)) {
        return fold(digest, false);
      }
      view.debit(address, amount);
      view.credit(addressOf(step.to), amount);
      return fold(digest, true);
    }
    case "bumpNonce":
      view.setNonce(address, view.nonce(address) + 1n);
      return digest;
    case "setCode":
      view.setCode(address, Uint8Array.of(0x60, digest % 4));
      return digest;
    case "readCode":
      return fold(digest, `${view.codeHash(address)}${view.code(address).length}`);
    case "create":
      view.clearStorage(address);
      return digest;
    case "hasStorage":
      return fold(digest, view.nonce(address) === 0n && view.hasStorage(address));
    case "exists":
      return fold(digest, view.exists(address));
    case "isEmpty":
      return fold(digest, view.isEmpty(address));
  }
}

function addressOf(index: number): Address {
  return ACCOUNTS[index] ?? "0x";
}

/** A pre-state in which the accounts have something to lose. */
export class ModelPreState implements StateReader {
  exists(address: Address): boolean {
    return address !== ACCOUNTS[2];
  }
  balance(address: Address): bigint {
    return address === ACCOUNTS[0] ? 100n : address === ACCOUNTS[1] ? 20n : 0n;
  }
  nonce(): bigint {
    return 0n;
  }
  codeHash(): Hash {
    return EMPTY_CODE_HASH;
  }
  code(): Uint8Array {
    return new Uint8Array(0);
  }
  storage(address: Address, slot: bigint): bigint {
    return slot === 1n && this.exists(address) ? 5n : 0n;
  }
  hasStorage(address: Address): boolean {
    return this.exists(address);
  }
}

/** The state after each transaction in turn, kept the plain way. */
export class SequentialModel implements LocationReader {
  readonly #before: StateReader;
  readonly #values = new Map<string, { value: bigint | Hash | boolean; writer: number }>();
  readonly #cleared = new Map<Address, number>();
  readonly #codes = new Map<Hash, Uint8Array>();
  origin: ReadOrigin = PRE_STATE_ORIGIN;
  readonly location = 0;
  readonly unfinished = -1;

  constructor(before: StateReader) {
    this.#before = before;
  }

  #get(location: Location): bigint | Hash | boolean | undefined {
    const entry = this.#values.get(locationKey(location));
    this.origin = { transactionIndex: entry?.writer ?? -1, incarnation: 0 };
    return entry?.value;
  }

  exists(address: Address): boolean {
    const value = this.#get({ kind: "existence", address });
    return typeof value === "boolean" ? value : this.#before.exists(address);
  }
  hasStorage(address: Address): boolean {
    this.exists(address);
    return !this.#cleared.has(address) && this.#before.hasStorage(address);
  }
  balance(address: Address): bigint {
    const value = this.#get({ kind: "balance", address });
    return typeof value === "bigint" ? value : this.#before.balance(address);
  }
  balanceBeforeBlock(address: Address): bigint {
    return this.#before.balance(address);
  }
  nonce(address: Address): bigint {
    const value = this.#get({ kind: "nonce", address });
    return typeof value === "bigint" ? value : this.#before.nonce(address);
  }
  codeHash(address: Address): Hash {
    const value = this.#get({ kind: "code", address });
    return typeof value === "string" ? value : this.#before.codeHash(address);
  }
  code(codeHash: Hash): Uint8Array {
    return this.#codes.get(codeHash) ?? this.#before.code(codeHash);
  }
  storage(address: Address, slot: bigint): bigint {
    const value = this.#get({ kind: "storage", address, slot });
    const cleared = this.#cleared.get(address) ?? -1;
    if (cleared > this.origin.transactionIndex) {
      this.origin = { transactionIndex: cleared, incarnation: 0 };
      return 0n;
    }
    return typeof value === "bigint" ? value : this.#before.storage(address, slot);
  }

  apply(writer: number, writes: WriteSet): void {
    for (const [hash, code] of writes.codes) {
      this.#codes.set(hash, code);
    }
    const removed = new Set(
      writes.writes.flatMap((write) =>
        write.kind === "existence" && !write.exists ? [write.address] : [],
      ),
    );
    for (const write of writes.writes) {
      const { address } = write;
      // A slot alone makes no account: code that runs there came with something else.
      const makes = write.kind !== "existence" && write.kind !== "storage";
      if (makes && !removed.has(address) && !this.exists(address)) {
        this.#values.set(locationKey({ kind: "existence", address }), { value: true, writer });
      }
      switch (write.kind) {
        case "existence":
          this.#values.set(locationKey(write), { value: write.exists, writer });
          if (write.clearsStorage) {
            this.#cleared.set(address, writer);
          }
          if (!write.exists) {
            this.#values.set(locationKey({ kind: "nonce", address }), { value: 0n, writer });
            this.#values.set(locationKey({ kind: "code", address }), {
              value: EMPTY_CODE_HASH,
              writer,
            });
          }
          break;
        case "balance":
          this.#values.set(locationKey(write), {
            value: this.balance(address) + write.delta,
            writer,
          });
          break;
        case "code":
          this.#values.set(locationKey(write), { value: write.codeHash, writer });
          break;
        default:
          this.#values.set(locationKey(write), { value: write.value, writer });
      }
    }
  }
}

export interface ModelResult {
  readonly digest: Digest;
  readonly reads: ReadSet;
}

/** What the programs give when they run one after the other. */
export async function runSequentially(
  programs: readonly Program[],
  preState: StateReader,
): Promise<ModelResult[]> {
  const model = new SequentialModel(preState);
  const results: ModelResult[] = [];
  for (const [index, program] of programs.entries()) {
    const result = await runProgram(program, model, () => undefined);
    if (result.kind === "blocked" || result.kind === "missing") {
      throw new Error("a sequential execution cannot block");
    }
    results.push({ digest: result.result, reads: result.reads });
    if (result.kind === "executed") {
      model.apply(index, result.writes);
    }
  }
  return results;
}

export function executeMock(
  programs: readonly Program[],
  turn: () => Promise<void> | void,
): ExecuteIncarnation<ModelResult> {
  return async (index, reader) => {
    const ran = await runProgram(programs[index] ?? { steps: [] }, reader, turn);
    return "reads" in ran ? { ...ran, result: { digest: ran.result, reads: ran.reads } } : ran;
  };
}

/** Reads with the origins that validation found at the end of the block. */
export function withOrigins({ reads }: ModelResult, origins: readonly number[]): Read[] {
  return reads.map((read, i) => ({
    ...read,
    origin: { transactionIndex: origins[i] ?? -2, incarnation: 0 },
  }));
}
