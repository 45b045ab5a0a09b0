/**
 * The house rules of imports, executable: rooms, ranks and the packages that only one room may use.
 * See docs/architecture.md.
 */
import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");
const SRC = join(ROOT, "src");

type Column = "shared" | "run" | "read" | "top";

/** A file imports its own room and rooms of lower rank in its own column (shared is in both). */
const ROOMS: Readonly<Record<string, { readonly rank: number; readonly column: Column }>> = {
  errors: { rank: 0, column: "shared" },
  crypto: { rank: 0, column: "shared" },
  state: { rank: 1, column: "shared" },
  "access-log": { rank: 2, column: "shared" },
  execution: { rank: 3, column: "run" },
  analysis: { rank: 3, column: "read" },
  worker: { rank: 4, column: "run" },
  chain: { rank: 4, column: "run" },
  report: { rank: 4, column: "read" },
  simulate: { rank: 4, column: "read" },
  rpc: { rank: 5, column: "run" },
  "network.ts": { rank: 6, column: "top" },
  "analysis.ts": { rank: 6, column: "read" },
  "report.ts": { rank: 6, column: "read" },
  "simulate.ts": { rank: 6, column: "read" },
  project: { rank: 6, column: "top" },
  chai: { rank: 7, column: "top" },
  scenario: { rank: 7, column: "top" },
  hardhat2: { rank: 8, column: "top" },
  hardhat3: { rank: 8, column: "top" },
  "scenario.ts": { rank: 9, column: "top" },
  "types.ts": { rank: 9, column: "top" },
  "chai.ts": { rank: 9, column: "top" },
  "hardhat2.ts": { rank: 9, column: "top" },
  "hardhat3.ts": { rank: 9, column: "top" },
  "index.ts": { rank: 10, column: "top" },
};

/** Packages that only one place may import. */
const RESERVED_PACKAGES: readonly { readonly name: RegExp; readonly only: RegExp }[] = [
  { name: /^hardhat(\/|$)/, only: /^hardhat[23]\// },
  { name: /^@nomicfoundation\//, only: /^hardhat[23]\// },
  { name: /^piscina$/, only: /^worker\// },
  { name: /^@ethereumjs\/evm$/, only: /^execution\/engine\// },
  { name: /^chai$/, only: /^chai\// },
  { name: /^echarts(\/|$)/, only: /^report\/renderers\/html\/page\// },
];

/** Packages that the build puts into the page of the HTML report: nobody has to install them. */
const BUNDLED_PACKAGE = /^echarts(\/|$)/;

/** Files that are one long table of cases, with their own ceilings. */
const LONG_FILES: Readonly<Record<string, number>> = {
  "errors/catalogue.ts": 600, // one entry for each error
  "execution/engine/fast/interpreter.ts": 600, // one switch over the opcodes
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : path.endsWith(".ts") ? [path] : [];
  });
}

function imports(): Import[] {
  return sourceFiles(SRC).flatMap((path) => {
    const file = relative(SRC, path).split(sep).join("/");
    const { importedFiles } = ts.preProcessFile(readFileSync(path, "utf8"), true, true);
    return importedFiles.map(({ fileName }) => ({ file, specifier: fileName }));
  });
}

function linesOfCode(text: string): number {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
}

function roomOf(file: string): string {
  const slash = file.indexOf("/");
  return slash === -1 ? file : file.slice(0, slash);
}

/** The project file (relative to src) a relative specifier names. */
function target({ file, specifier }: Import): string {
  const base = resolve(SRC, dirname(file), specifier);
  const found = [`${base}.ts`, join(base, "index.ts")].find((path) => existsSync(path));
  return relative(SRC, found ?? base)
    .split(sep)
    .join("/");
}

function wrongWay(from: string, to: string): string | null {
  const source = ROOMS[from];
  const destination = ROOMS[to];
  if (source === undefined || destination === undefined) {
    return `room ${source === undefined ? from : to} is not in the table`;
  }
  if (from === to && !from.endsWith(".ts")) {
    return null;
  }
  if (destination.rank >= source.rank) {
    return `rank ${source.rank} (${from}) imports rank ${destination.rank} (${to})`;
  }
  const columns: readonly Column[] = [source.column, destination.column];
  if (columns.includes("run") && columns.includes("read")) {
    return `the ${source.column} column (${from}) imports the ${destination.column} column (${to})`;
  }
  return null;
}

describe("architecture", () => {
  const all = imports();

  it("every room of src is in the table of ranks", () => {
    const rooms = readdirSync(SRC);
    assert.deepEqual(
      rooms.filter((room) => ROOMS[room] === undefined),
      [],
    );
  });

  it("a file imports its own room and lower-ranked rooms of its own column only", () => {
    const wrong = all
      .filter(({ specifier }) => specifier.startsWith("."))
      .flatMap((entry) => {
        const reason = wrongWay(roomOf(entry.file), roomOf(target(entry)));
        return reason === null ? [] : [`${entry.file} -> ${entry.specifier}: ${reason}`];
      });
    assert.deepEqual(wrong, []);
  });

  it("a wrong-way import is recognised (the check checks)", () => {
    assert.equal(wrongWay("execution", "state"), null);
    assert.match(wrongWay("execution", "worker") ?? "", /rank 3/);
    assert.match(wrongWay("chain", "analysis") ?? "", /column/);
    assert.match(wrongWay("report", "execution") ?? "", /column/);
    assert.match(wrongWay("worker", "chain") ?? "", /rank 4/);
    assert.equal(wrongWay("hardhat2", "report"), null);
    assert.equal(wrongWay("hardhat2", "chain"), null);
    assert.match(wrongWay("state", "newroom") ?? "", /not in the table/);
  });

  it("reserved packages are imported by their one room only", () => {
    const wrong = all.filter(({ file, specifier }) =>
      RESERVED_PACKAGES.some(({ name, only }) => name.test(specifier) && !only.test(file)),
    );
    assert.deepEqual(wrong, []);
  });

  it("Hardhat's internal modules are named in hardhat2/hardhat-internals.ts only", () => {
    const wrong = all.filter(
      ({ file, specifier }) =>
        specifier.startsWith("hardhat/internal/") && file !== "hardhat2/hardhat-internals.ts",
    );
    assert.deepEqual(wrong, []);
  });

  it("every imported package is a dependency of the package, and builtins carry node:", () => {
    const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    assert.ok(typeof manifest === "object" && manifest !== null);
    const declared = new Set(
      ["dependencies", "peerDependencies", "optionalDependencies"].flatMap((key) =>
        Object.keys((manifest as Record<string, object | undefined>)[key] ?? {}),
      ), // cast: package.json maps these keys to objects
    );
    const wrong = all.filter(({ specifier }) => {
      if (specifier.startsWith(".") || specifier.startsWith("node:")) {
        return false;
      }
      if (BUNDLED_PACKAGE.test(specifier)) {
        return false;
      }
      const parts = specifier.split("/");
      const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
      return builtinModules.includes(name) || !declared.has(name);
    });
    assert.deepEqual(wrong, []);
  });

  it("no file has more than 300 lines of code (comments and blank lines aside)", () => {
    const long = sourceFiles(SRC)
      .map((path) => ({
        file: relative(SRC, path),
        lines: linesOfCode(readFileSync(path, "utf8")),
      }))
      .filter(({ file, lines }) => lines > (LONG_FILES[file] ?? 300));
    assert.deepEqual(long, []);
  });
});
