/**
 * Functions in their sources: where each is defined, which lines touch which variable, and these
 * lines themselves, as they were compiled.
 * Owns: which lines are shown. Does not own: places (analysis/source-location.ts).
 */
import type { RunAnalysis } from "../../analysis/run-analysis";
import type { LocateCode } from "../../analysis/source-location";
import type { EntryAccess } from "../../analysis/workload";
import {
  type CodeDetails,
  type FunctionCode,
  type LineUse,
  MAX_FUNCTION_LINES,
  MAX_SOURCE_LINES,
} from "../details";
import type { FunctionReference } from "../report";
import type { ReferenceTables } from "./reference-tables";
import type { SourceLookup } from "./source-lookup";

/** Lines shown above and below one that touches a variable outside of the function's own lines. */
const CONTEXT = 4;

interface Counts {
  readonly file: string;
  readonly line: number;
  readonly variable: number;
  reads: number;
  writes: number;
}

/** @param variables by group: its place in the list of variables */
export function codeDetails(
  variables: ReadonlyMap<number, number>,
  analysis: RunAnalysis,
  locate: LocateCode,
  sources: SourceLookup,
  tables: ReferenceTables,
): CodeDetails {
  const used = linesByRow(variables, analysis, locate);
  const functions: FunctionCode[] = [];
  const excerpts = new Excerpts(sources);
  const rows = new Set(
    analysis.contracts.flatMap((contract) => contract.functions.map(({ row }) => row)),
  );
  for (const row of rows) {
    const { contract, signature }: FunctionReference = analysis.rows.functionName(row);
    const place = sources.functionLines(contract, signature);
    const lines: LineUse[] = [...(used.get(row)?.values() ?? [])].sort(
      (a, b) => b.reads + b.writes - a.reads - a.writes,
    );
    if (place === null && lines.length === 0) {
      continue;
    }
    functions.push({ function: tables.function(row), place, lines });
    if (place !== null) {
      excerpts.want(
        place.file,
        place.from,
        Math.min(place.to, place.from + MAX_FUNCTION_LINES - 1),
      );
    }
    for (const { file, line } of lines) {
      if (place === null || file !== place.file || line < place.from || line > place.to) {
        excerpts.want(file, line - CONTEXT, line + CONTEXT);
      }
    }
  }
  return { functions, ...excerpts.read() };
}

/** By row and then by line and variable: how many calls touch it there. */
function linesByRow(
  variables: ReadonlyMap<number, number>,
  { windows, groups, rows }: RunAnalysis,
  locate: LocateCode,
): Map<number, Map<string, Counts>> {
  const places = new Map<string, string | null>();
  const placeOf = (codeHash: EntryAccess["codeHash"], pc: number): string | null => {
    if (pc < 0) {
      return null;
    }
    const key = `${codeHash} ${pc}`;
    let place = places.get(key);
    if (place === undefined) {
      place = locate({ codeHash, pc });
      places.set(key, place);
    }
    return place;
  };
  const found = new Map<number, Map<string, Counts>>();
  for (const transaction of windows.windows.flatMap((window) => window.transactions)) {
    for (const {
      entry,
      location,
      codeHash,
      read,
      write,
      readPc,
      writePc,
    } of transaction.accesses) {
      const variable = variables.get(groups.groupOf(location));
      const called = transaction.entries[entry];
      const row = called === undefined ? null : rows.functionRow(called);
      if (variable === undefined || row === null) {
        continue;
      }
      const lines = found.get(row) ?? new Map<string, Counts>();
      found.set(row, lines);
      const count = (place: string | null, what: "reads" | "writes"): void => {
        const [file, line] = splitPlace(place);
        if (file === null) {
          return;
        }
        const key = `${place} ${variable}`;
        const counts = lines.get(key) ?? { file, line, variable, reads: 0, writes: 0 };
        counts[what]++;
        lines.set(key, counts);
      };
      if (read) {
        count(placeOf(codeHash, readPc), "reads");
      }
      if (write) {
        count(placeOf(codeHash, writePc), "writes");
      }
    }
  }
  return found;
}

/** `contracts/Token.sol:12` */
function splitPlace(place: string | null): [string, number] | [null, number] {
  const colon = place?.lastIndexOf(":") ?? -1;
  return place === null || colon === -1
    ? [null, 0]
    : [place.slice(0, colon), Number(place.slice(colon + 1))];
}

/** Lines that are wanted, put together so that none is there twice. */
class Excerpts {
  readonly #sources: SourceLookup;
  readonly #wanted = new Map<string, [number, number][]>();

  constructor(sources: SourceLookup) {
    this.#sources = sources;
  }

  want(file: string, from: number, to: number): void {
    const ranges = this.#wanted.get(file) ?? [];
    ranges.push([Math.max(1, from), to]);
    this.#wanted.set(file, ranges);
  }

  read(): Pick<CodeDetails, "excerpts" | "linesLeftOut"> {
    const excerpts: CodeDetails["excerpts"][number][] = [];
    let [taken, linesLeftOut] = [0, 0];
    for (const [file, ranges] of this.#wanted) {
      const text = this.#sources.lines(file);
      if (text === null) {
        continue;
      }
      for (const [from, to] of merged(ranges)) {
        const lines = text.slice(from - 1, to);
        if (taken + lines.length > MAX_SOURCE_LINES) {
          linesLeftOut += lines.length;
        } else {
          taken += lines.length;
          excerpts.push({ file, from, lines });
        }
      }
    }
    return { excerpts, linesLeftOut };
  }
}

function merged(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) {
      last[1] = Math.max(last[1], to);
    } else {
      result.push([from, to]);
    }
  }
  return result;
}
