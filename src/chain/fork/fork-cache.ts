/**
 * What is known of a remote chain, kept on disk for the next run.
 *
 *   <directory>/<chain id>/<fork block>/state/<block>/<segment>.json   accounts and slots
 *   <directory>/<chain id>/<fork block>/answers/<hash of the call>.json   blocks, receipts, logs
 *
 * Every fetch writes one segment of its own under a new name, so that processes share a cache without
 * locks; a file appears whole or not at all. Blocks are named by number and hash, and the fork block's
 * hash stands for all that came before it, so that another chain with the same id (a development network
 * that was started anew) finds nothing of this one's.
 *
 * Owns: files. Does not own: whether a block is safe enough to be kept (fork-base.ts). A cache that
 * cannot be read or written is only a slower start: it is said once and the run goes on.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, hexToBytes } from "../../state/bytes";
import type { Address, Hash, Hex } from "../../state/hex";
import type { SourceAccount, SourceKeys, SourceValues } from "../../state/state-source";
import type { RemoteCall } from "./json-rpc-client";

const VERSION = 1;

export interface KnownState {
  readonly accounts: Map<Address, SourceAccount>;
  /** by `slotText` */
  readonly slots: Map<string, bigint>;
}

export function slotText(address: Address, slot: bigint): string {
  return `${address}:${slot.toString(16)}`;
}

/** A segment as it lies on disk: numbers in hex. */
interface Segment {
  readonly version: number;
  readonly accounts: readonly (readonly [Address, balance: Hex, nonce: Hex, code: Hex])[];
  readonly slots: readonly (readonly [Address, slot: Hex, value: Hex])[];
}

export class ForkCache {
  readonly #directory: string;
  readonly #warn: (message: string) => void;
  #isWritable = true;

  constructor(
    directory: string,
    chainId: bigint,
    forkBlock: { readonly number: bigint; readonly hash: Hash },
    warn: (message: string) => void,
  ) {
    this.#directory = join(directory, String(chainId), blockName(forkBlock.number, forkBlock.hash));
    this.#warn = warn;
  }

  /** Everything that is kept of the state after a block. */
  readState(number: bigint, hash: Hash): KnownState {
    const known: KnownState = { accounts: new Map(), slots: new Map() };
    const directory = this.#stateDirectory(number, hash);
    for (const name of listFiles(directory)) {
      this.#read(join(directory, name), (value) => addSegment(known, readSegment(value)));
    }
    return known;
  }

  addState(number: bigint, hash: Hash, keys: SourceKeys, values: SourceValues): void {
    const segment: Segment = {
      version: VERSION,
      accounts: keys.accounts.flatMap((address, i) => {
        const account = values.accounts[i];
        return account === undefined
          ? []
          : [
              [
                address,
                hex(account.balance),
                hex(account.nonce),
                bytesToHex(account.code),
              ] as const,
            ];
      }),
      slots: keys.slots.map(
        ({ address, slot }, i) => [address, hex(slot), hex(values.slots[i] ?? 0n)] as const,
      ),
    };
    const name = `${randomBytes(8).toString("hex")}.json`;
    this.#write(this.#stateDirectory(number, hash), name, segment);
  }

  /** The answer to a call; undefined = not kept. */
  readAnswer(call: RemoteCall): unknown {
    let answer: unknown;
    this.#read(join(this.#directory, "answers", answerName(call)), (value) => {
      const { method, result } = value as { method?: unknown; result?: unknown }; // checked right below
      if (method !== call.method || result === undefined) {
        throw new Error(`it is not an answer to ${call.method}`);
      }
      answer = result;
    });
    return answer;
  }

  addAnswer(call: RemoteCall, result: unknown): void {
    this.#write(join(this.#directory, "answers"), answerName(call), {
      method: call.method,
      result,
    });
  }

  #stateDirectory(number: bigint, hash: Hash): string {
    return join(this.#directory, "state", blockName(number, hash));
  }

  #read(path: string, use: (value: object) => void): void {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return; // not kept, or another process has just removed it
    }
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value !== "object" || value === null) {
        throw new Error("it holds no object");
      }
      use(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(
        `the file ${path} of the fork's cache is damaged (${reason}): it is removed, and what it held is fetched again.`,
      );
      rmSync(path, { force: true });
    }
  }

  #write(directory: string, name: string, value: object): void {
    if (!this.#isWritable) {
      return;
    }
    const path = join(directory, name);
    const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      mkdirSync(directory, { recursive: true });
      writeFileSync(temporary, JSON.stringify(value));
      renameSync(temporary, path);
    } catch (error) {
      this.#isWritable = false;
      removeIfThere(temporary);
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(`the fork's cache cannot be written (${reason}): this run goes on without it.`);
    }
  }
}

function blockName(number: bigint, hash: Hash): string {
  return `${number}-${hash.slice(2)}`;
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // not even its directory can be reached: the warning that follows says why
  }
}

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch {
    return []; // nothing is kept of this state
  }
}

function answerName({ method, params }: RemoteCall): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([method, params]))
    .digest("hex");
  return `${digest}.json`;
}

function addSegment(known: KnownState, { accounts, slots }: Segment): void {
  for (const [address, balance, nonce, code] of accounts) {
    known.accounts.set(address, {
      balance: BigInt(balance),
      nonce: BigInt(nonce),
      code: hexToBytes(code),
    });
  }
  for (const [address, slot, value] of slots) {
    known.slots.set(slotText(address, BigInt(slot)), BigInt(value));
  }
}

/** Throws an Error that says what is wrong with it. */
function readSegment(value: object): Segment {
  const { version, accounts, slots } = value as Partial<Segment>; // every field is checked here
  if (version !== VERSION) {
    throw new Error(`expected version ${VERSION}, got ${JSON.stringify(version)}`);
  }
  checkRows(accounts, [20, null, null, "bytes"], "accounts");
  checkRows(slots, [20, null, null], "slots");
  return { version, accounts, slots };
}

/** @param columns an address, a number, or bytes of any length */
function checkRows<Row>(
  rows: readonly Row[] | undefined,
  columns: readonly (20 | "bytes" | null)[],
  what: string,
): asserts rows is readonly Row[] {
  const isRow = (row: unknown): boolean =>
    Array.isArray(row) &&
    row.length === columns.length &&
    columns.every((column, i) => {
      const pattern =
        column === 20
          ? /^0x[0-9a-f]{40}$/
          : column === "bytes"
            ? /^0x([0-9a-f]{2})*$/
            : /^0x[0-9a-f]{1,64}$/;
      return typeof row[i] === "string" && pattern.test(row[i]);
    });
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw new Error(`its ${what} are not what was written`);
  }
}

function hex(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
