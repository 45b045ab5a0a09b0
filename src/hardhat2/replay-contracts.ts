/**
 * Which files of the project's build infos stock's decoder needs, so that it takes codes for the same
 * contracts as with all build infos.
 *
 * The decoder walks a trie of all bytecodes as far as a code goes, and decides among those that share
 * this longest prefix (immutables and the metadata hash may differ): contracts_identifier.rs of EDR. It
 * decides alike as long as all of these are there, in their order. Inside a build info it looks at the
 * contract's file and at what that imports.
 *
 * Owns: the choice of files. Does not own: the text of a build info (build-info-slice.ts).
 */
import type { BuildInfoText, ObjectText } from "./build-info-slice";

const UNDERSCORE = 0x5f;
const ZERO = 0x30;
/** characters of an address: of the placeholder of a library, too */
const ADDRESS = 40;
const PUSH20 = 0x73;

export class ReplayContracts {
  readonly #buildInfos: readonly BuildInfoText[];
  readonly #objects: readonly (readonly ObjectText[])[];
  /** Chosen files, by build info. */
  readonly #files: Set<string>[];

  /** @param buildInfos all of the project's, in Hardhat's order */
  constructor(buildInfos: readonly BuildInfoText[]) {
    this.#buildInfos = buildInfos;
    this.#objects = buildInfos.map((buildInfo) => buildInfo.objects());
    this.#files = buildInfos.map(() => new Set());
  }

  /**
   * Chooses what the code needs besides what is chosen. False where that cannot be told: all build
   * infos are needed.
   */
  add(code: Uint8Array): boolean {
    const wanted = searchedText(code);
    let longest = 1; // bytes; without a common byte every contract is among those that are decided among
    let found: (readonly [index: number, object: ObjectText])[] = [];
    for (const [index, { text }] of this.#buildInfos.entries()) {
      for (const object of this.#objects[index] ?? []) {
        const length = commonBytes(wanted, text, object);
        if (length > longest) {
          longest = length;
          found = [];
        }
        if (length === longest) {
          found.push([index, object]);
        }
      }
    }
    return found.length > 0 && found.every(([index, object]) => this.#choose(index, object));
  }

  /** The build infos with the chosen files alone; null where one cannot be cut. */
  cut(): Buffer[] | null {
    const parts: Buffer[] = [];
    for (const [index, files] of this.#files.entries()) {
      if (files.size > 0) {
        const part = this.#buildInfos[index]?.only(files);
        if (part === undefined || part === null) {
          return null;
        }
        parts.push(part);
      }
    }
    return parts;
  }

  /** Number of chosen files: grows with each choice. */
  get size(): number {
    return this.#files.reduce((sum, { size }) => sum + size, 0);
  }

  #choose(index: number, object: ObjectText): boolean {
    const buildInfo = this.#buildInfos[index];
    const file = buildInfo?.fileAt(object) ?? null;
    const files = file === null ? null : (buildInfo?.withImports([file]) ?? null);
    if (files === null) {
      return false;
    }
    for (const name of files) {
      this.#files[index]?.add(name);
    }
    return true;
  }
}

/** Hex text of a code as the decoder searches it: a library's own address is zero. */
function searchedText(code: Uint8Array): Buffer {
  const text = Buffer.from(Buffer.from(code).toString("hex"), "latin1");
  return code[0] === PUSH20 ? text.fill(ZERO, 2, 2 + ADDRESS) : text;
}

/** Bytes that a code and a compiled object begin with; placeholders of libraries are zeros. */
function commonBytes(code: Buffer, text: Buffer, { start, end }: ObjectText): number {
  const length = Math.min(code.length, end - start);
  let placeholderEnd = 0;
  for (let i = 0; i < length; i++) {
    let character = text[start + i];
    if (character === UNDERSCORE && i >= placeholderEnd) {
      placeholderEnd = i + ADDRESS;
    }
    if (i < placeholderEnd) {
      character = ZERO;
    }
    if (character !== code[i]) {
      return i >> 1;
    }
  }
  return length >> 1;
}
