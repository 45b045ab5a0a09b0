/**
 * A part of a build info, cut out of its text: some source files with all that they import, and their
 * contracts. Stock's decoder takes seconds for each 100 MB of build infos, and a replay needs a few
 * files of them.
 *
 * The text is searched, not parsed, for what stands only where it has a meaning: a quote inside a JSON
 * string is escaped. Text that is not as Hardhat and solc write it is not cut (null).
 *
 * Owns: the form of that text. Does not own: which files are wanted (replay-contracts.ts).
 */

/** A member `"file":{…}` of an object, from its first quote to its last brace. */
interface Slice {
  readonly start: number;
  readonly end: number;
}

/** The hex text of a bytecode, without quotes. */
export interface ObjectText {
  readonly start: number;
  readonly end: number;
}

const OBJECT = '"object":"';
const SOURCES = '"sources":{';
const CONTRACTS = '},"contracts":{';
/** closes the contracts, the output and the build info */
const END = "}}}";
const CONTRACT = ':{"abi":[';
const AST = ':{"ast":{"absolutePath":"';
const PATH = '"absolutePath":"';
const CONTRACT_NODE = '"nodeType":"ContractDefinition"';

const QUOTE = 0x22;
const OPEN = 0x7b;

export class BuildInfoText {
  readonly text: Buffer;
  #files: Files | null | undefined;

  constructor(text: Buffer) {
    this.text = text;
  }

  /** All bytecodes, of contracts and of their creation. */
  objects(): readonly ObjectText[] {
    return occurrences(this.text, OBJECT, 0).flatMap((at) => {
      const start = at + OBJECT.length;
      const end = this.text.indexOf(QUOTE, start);
      return end > start ? [{ start, end }] : [];
    });
  }

  /** The file whose contract has its bytecode there; null where that cannot be told. */
  fileAt(object: ObjectText): string | null {
    const files = this.#read();
    for (const [name, { start, end }] of files?.contracts ?? []) {
      if (start < object.start && object.end < end) {
        return name;
      }
    }
    return null;
  }

  /** The files with all that they import, directly or not; null where that cannot be told. */
  withImports(names: Iterable<string>): ReadonlySet<string> | null {
    const files = this.#read();
    const found = new Set(names);
    for (const name of found) {
      const slice = files?.sources.get(name);
      const imported = slice && importsOf(this.text.subarray(slice.start, slice.end));
      if (imported === undefined || imported === null) {
        return null;
      }
      for (const path of imported) {
        found.add(path);
      }
    }
    return found;
  }

  /** The build info with these files alone, in its own order; null where that cannot be cut. */
  only(names: ReadonlySet<string>): Buffer | null {
    const files = this.#read();
    if (files === null) {
      return null;
    }
    for (const name of names) {
      const slice = files.sources.get(name);
      const hasContracts =
        slice !== undefined &&
        this.text.subarray(slice.start, slice.end).includes(CONTRACT_NODE, 0, "latin1");
      if (slice === undefined || (hasContracts && !files.contracts.has(name))) {
        return null;
      }
    }
    const wanted = (all: ReadonlyMap<string, Slice>): Slice[] =>
      [...all].filter(([name]) => names.has(name)).map(([, slice]) => slice);
    const sources = wanted(files.sources);
    const contracts = wanted(files.contracts);
    return Buffer.concat([
      this.text.subarray(0, files.sourcesBegin),
      ...this.#joined(sources),
      this.text.subarray(files.sourcesEnd, files.contractsBegin),
      ...this.#joined(contracts),
      this.text.subarray(files.contractsEnd),
    ]);
  }

  #joined(slices: readonly Slice[]): Buffer[] {
    return slices.flatMap(({ start, end }, i) => [
      ...(i === 0 ? [] : [COMMA]),
      this.text.subarray(start, end),
    ]);
  }

  #read(): Files | null {
    if (this.#files === undefined) {
      this.#files = readFiles(this.text);
    }
    return this.#files;
  }
}

const COMMA = Buffer.from(",");

/** Where the members of `output` are: `…"sources":{…},"contracts":{…}}}`, as Hardhat writes them. */
interface Files {
  readonly sources: ReadonlyMap<string, Slice>;
  readonly contracts: ReadonlyMap<string, Slice>;
  readonly sourcesBegin: number;
  readonly sourcesEnd: number;
  readonly contractsBegin: number;
  readonly contractsEnd: number;
}

function readFiles(text: Buffer): Files | null {
  const sourceKeys = occurrences(text, AST, 0).map((at) => keyBefore(text, at));
  const contractKeys = occurrences(text, CONTRACT, 0).map((at) => fileKeyBefore(text, at));
  const [firstSource] = sourceKeys;
  const [firstContract] = contractKeys;
  if (!firstSource || !firstContract || firstContract === "same file") {
    return null;
  }
  const contractsEnd = text.length - END.length;
  const sourcesEnd = firstContract.start - CONTRACTS.length;
  const sources = slicesOf(sourceKeys, sourcesEnd);
  const contracts = slicesOf(contractKeys, contractsEnd);
  return sources === null ||
    contracts === null ||
    !endsWith(text, firstSource.start, SOURCES) ||
    !endsWith(text, firstContract.start, CONTRACTS) ||
    !endsWith(text, text.length, END)
    ? null
    : {
        sources,
        contracts,
        sourcesBegin: firstSource.start,
        sourcesEnd,
        contractsBegin: firstContract.start,
        contractsEnd,
      };
}

function endsWith(text: Buffer, end: number, what: string): boolean {
  return text.toString("latin1", end - what.length, end) === what;
}

interface Key {
  readonly name: string;
  /** of its first quote */
  readonly start: number;
}

/**
 * Each member reaches to the next one's comma, the last to `end`. null = a key could not be read, or
 * they are not in order.
 */
function slicesOf(
  keys: readonly (Key | "same file" | null)[],
  end: number,
): Map<string, Slice> | null {
  const firsts: Key[] = [];
  for (const key of keys) {
    if (key === null) {
      return null;
    }
    if (key !== "same file") {
      firsts.push(key);
    }
  }
  const slices = new Map<string, Slice>();
  for (const [i, { name, start }] of firsts.entries()) {
    const next = firsts[i + 1];
    const slice = { start, end: next === undefined ? end : next.start - 1 };
    if (slices.has(name) || slice.end <= start) {
      return null;
    }
    slices.set(name, slice);
  }
  return slices;
}

/** The key whose colon stands at `colon`; null if it is not as simple as paths and names are. */
function keyBefore(text: Buffer, colon: number): Key | null {
  const start = text.lastIndexOf(QUOTE, colon - 2);
  const name = text.toString("utf8", start + 1, colon - 1);
  return start <= 0 || text[colon - 1] !== QUOTE || name.includes("\\") ? null : { name, start };
}

/** The file of the contract whose colon stands there, if the contract is its first. */
function fileKeyBefore(text: Buffer, colon: number): Key | "same file" | null {
  const contract = keyBefore(text, colon);
  if (contract === null || text[contract.start - 1] !== OPEN) {
    return contract && "same file";
  }
  return keyBefore(text, contract.start - 2);
}

/** Paths that a source's AST names: its own and its imports'. null = one could not be read. */
function importsOf(ast: Buffer): string[] | null {
  const paths: string[] = [];
  for (const at of occurrences(ast, PATH, 0)) {
    const start = at + PATH.length;
    const path = ast.toString("utf8", start, ast.indexOf(QUOTE, start));
    if (path.includes("\\")) {
      return null;
    }
    paths.push(path);
  }
  return paths;
}

function occurrences(text: Buffer, pattern: string, from: number): number[] {
  const needle = Buffer.from(pattern, "latin1");
  const found: number[] = [];
  for (let at = text.indexOf(needle, from); at >= 0; at = text.indexOf(needle, at + 1)) {
    found.push(at);
  }
  return found;
}
