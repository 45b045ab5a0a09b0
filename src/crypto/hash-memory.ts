/**
 * A piece of memory in which messages are put together and hashed where they lie: one per thread.
 *
 * Owns: what is where in it, and which implementation hashes. Does not own: what the messages are.
 *
 * With WebAssembly it is the memory of our own module (assembly/hasher.ts), instantiated at the first
 * hash of the thread; without it is an ordinary array, and @noble/hashes hashes.
 *
 * A message of n bytes takes `paddedLength(n)` bytes, all of which hashing overwrites: the hash is
 * left in the first 32. The memory never grows, so its views stay valid.
 */
import { KECCAK_MODULE } from "./keccak-module";
import { nobleKeccak256 } from "./keccak256-noble";
import { type WasmMemory, type WebAssemblyApi, webAssembly } from "./web-assembly";

export type Keccak256Backend = "wasm" | "noble";

/** Bytes of a block of keccak256. */
export const RATE = 136;

/** Where single messages of `keccak256` go, behind the data of the module. */
export const SINGLE_START = 4096;
const JOBS_START = 65_536;
/** Messages that one call of `hashMany` can take. */
export const MAX_JOBS = 8192;
/** Where users of `hashMany` put messages together. */
export const ARENA_START = JOBS_START + MAX_JOBS * 8;
/** The pages that scripts/build-words.mjs gives the module. */
export const ARENA_END = 24 * 65_536;

/** A multiple of the rate such that a piece and its padding end before the jobs. */
const LARGEST_PIECE = (Math.floor((JOBS_START - SINGLE_START) / RATE) - 1) * RATE;

/** Bytes that a message of this length takes. */
export function paddedLength(length: number): number {
  return (Math.floor(length / RATE) + 1) * RATE;
}

/** What assembly/hasher.ts exports. */
interface Hasher {
  /** Hashes one message in place. */
  hash(pointer: number, length: number): void;
  /** Hashes messages in place; jobs are pointers and lengths, 32 bits each, little-endian. */
  hashMany(jobs: number, count: number): void;
  /** Begins a message that comes in pieces. */
  start(): void;
  update(pointer: number, blocks: number): void;
  /** Takes the rest of the message and leaves the hash at `pointer`. */
  finish(pointer: number, length: number): void;
}

export class HashMemory {
  readonly backend: Keccak256Backend;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #hasher: Hasher;
  #jobs = 0;

  constructor(api: WebAssemblyApi | null) {
    const instance = api === null ? null : instantiate(api);
    const memory = instance === null ? new ArrayBuffer(ARENA_END) : instance.memory.buffer;
    this.backend = instance === null ? "noble" : "wasm";
    this.bytes = new Uint8Array(memory);
    this.view = new DataView(memory);
    this.#hasher = instance ?? new NobleHasher(this.bytes, this.view);
  }

  /** Hashes one message in place. */
  hash(pointer: number, length: number): void {
    this.#hasher.hash(pointer, length);
  }

  /** Hashes a message that may be larger than the memory; the hash is at SINGLE_START. */
  hashCopy(data: Uint8Array): void {
    const hasher = this.#hasher;
    const { length } = data;
    if (length < LARGEST_PIECE) {
      this.bytes.set(data, SINGLE_START);
      hasher.hash(SINGLE_START, length);
      return;
    }
    hasher.start();
    let from = 0;
    for (; from + LARGEST_PIECE <= length; from += LARGEST_PIECE) {
      this.bytes.set(data.subarray(from, from + LARGEST_PIECE), SINGLE_START);
      hasher.update(SINGLE_START, LARGEST_PIECE / RATE);
    }
    this.bytes.set(data.subarray(from), SINGLE_START);
    hasher.finish(SINGLE_START, length - from);
  }

  /** Forgets messages that were added and, because of an error, never hashed. */
  beginJobs(): void {
    this.#jobs = 0;
  }

  /** Number of messages that wait for `hashMany`. */
  get jobs(): number {
    return this.#jobs;
  }

  /** Where the message lies that was added as the n-th, and its hash afterwards. */
  placeOfJob(index: number): number {
    return this.view.getUint32(JOBS_START + index * 8, true);
  }

  /** Adds a message that lies at `pointer`; at most MAX_JOBS wait at a time. */
  addJob(pointer: number, length: number): void {
    const job = JOBS_START + this.#jobs * 8;
    this.view.setUint32(job, pointer, true);
    this.view.setUint32(job + 4, length, true);
    this.#jobs++;
  }

  /** Hashes all messages added since the last time, each in place. */
  hashMany(): void {
    this.#hasher.hashMany(JOBS_START, this.#jobs);
    this.#jobs = 0;
  }
}

let memory: HashMemory | null = null;

/** This thread's. Between two uses nothing in it is kept. */
export function hashMemory(): HashMemory {
  memory ??= new HashMemory(webAssembly);
  return memory;
}

/** null where the runtime refuses the module (no vectors of 128 bits) or lacks memory for it. */
function instantiate(api: WebAssemblyApi): (Hasher & { readonly memory: WasmMemory }) | null {
  try {
    const { exports } = new api.Instance(new api.Module(Buffer.from(KECCAK_MODULE, "base64")), {});
    return exports as unknown as Hasher & { readonly memory: WasmMemory }; // assembly/hasher.ts
  } catch (error) {
    if (error instanceof RangeError || error instanceof api.CompileError) {
      return null; // hashing is correct all the same, only slower: `backend` says so
    }
    throw error;
  }
}

/** The same where there is no WebAssembly. */
class NobleHasher implements Hasher {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #pieces: Uint8Array[] = [];

  constructor(bytes: Uint8Array, view: DataView) {
    this.#bytes = bytes;
    this.#view = view;
  }

  hash(pointer: number, length: number): void {
    this.#bytes.set(nobleKeccak256(this.#bytes.subarray(pointer, pointer + length)), pointer);
  }

  hashMany(jobs: number, count: number): void {
    for (let job = jobs; job < jobs + count * 8; job += 8) {
      this.hash(this.#view.getUint32(job, true), this.#view.getUint32(job + 4, true));
    }
  }

  start(): void {
    this.#pieces = [];
  }

  update(pointer: number, blocks: number): void {
    this.#pieces.push(this.#bytes.slice(pointer, pointer + blocks * RATE));
  }

  finish(pointer: number, length: number): void {
    this.#pieces.push(this.#bytes.slice(pointer, pointer + length));
    this.#bytes.set(nobleKeccak256(Buffer.concat(this.#pieces)), pointer);
    this.#pieces = [];
  }
}
