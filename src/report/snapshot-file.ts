/**
 * The text of a snapshot, made to be reviewed: a head that says what was measured, then one sorted
 * line a function.
 *
 *     # hardhat-parallel snapshot 1, window=64, source=test
 *     contracts/Pair.sol:Pair:swap(uint256) P=0.83 alpha=0.12 hot=Pair.reserve0
 *
 * `alpha=-`: not known. `hot=-`: nothing waits; several variables are separated by `, `. In names,
 * what could break a line, hide in it or be taken for its punctuation is written as `\u{hex}`.
 *
 * Owns: this text, both ways. Does not own: files (write-file.ts), numbers (snapshot.ts).
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { byName, type Snapshot, type SnapshotRow } from "./snapshot";

export const SNAPSHOT_VERSION = 1;

const MARK = "# hardhat-parallel snapshot ";
const HEAD = /^(\d+), window=(mined|[1-9]\d*), source=(.*)$/;
const LINE = /^([^=]+):([^=:]+) P=([01]\.\d\d) alpha=(-|-?\d+\.\d\d) hot=([^=]+)$/;
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\=]/gu;
const UNSAFE_SIGNATURE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\=:]/gu;
const UNSAFE_SLOT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\=,]/gu;

export function renderSnapshot({ source, window, rows }: Snapshot): string {
  const head = `${MARK}${SNAPSHOT_VERSION}, window=${window}, source=${escaped(source, UNSAFE)}`;
  return `${[head, ...[...rows].sort(byName).map(renderRow)].join("\n")}\n`;
}

function renderRow({ contract, signature, parallelism, alpha, hot }: SnapshotRow): string {
  const name = `${escaped(contract, UNSAFE)}:${escaped(signature, UNSAFE_SIGNATURE)}`;
  const slots = hot.map((slot) => escaped(slot, UNSAFE_SLOT)).join(", ") || "-";
  return `${name} P=${parallelism.toFixed(2)} alpha=${alpha?.toFixed(2) ?? "-"} hot=${slots}`;
}

/** True if the text claims to be a snapshot, of whatever version. */
export function looksLikeSnapshot(text: string): boolean {
  return text.startsWith(MARK);
}

/**
 * Reads the text of a snapshot; `path` is for messages.
 * Throws ParallelError SNAPSHOT_INVALID, SNAPSHOT_NEWER_VERSION.
 */
export function parseSnapshot(text: string, path: string): Snapshot {
  const invalid = (line: number, reason: string): ParallelError =>
    new ParallelError(ERRORS.SNAPSHOT_INVALID, { path, line, reason });
  const lines = text.split(/\r?\n/);
  const first = lines[0] ?? "";
  if (!looksLikeSnapshot(first)) {
    throw invalid(1, `expected ${MARK}${SNAPSHOT_VERSION}, …`);
  }
  const version = Number.parseInt(first.slice(MARK.length), 10);
  if (version > SNAPSHOT_VERSION) {
    throw new ParallelError(ERRORS.SNAPSHOT_NEWER_VERSION, {
      path,
      version,
      supported: SNAPSHOT_VERSION,
    });
  }
  const [, , window = "", source = ""] = HEAD.exec(first.slice(MARK.length)) ?? [];
  if (window === "") {
    throw invalid(
      1,
      "expected version, window and source, as parallel-report --update writes them",
    );
  }
  if (lines.pop() !== "") {
    throw invalid(lines.length + 1, "the last line has no end: the file was cut");
  }
  const rows = lines.slice(1).map((line, index) => {
    const row = parseRow(line);
    if (row === null) {
      const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
      throw invalid(
        index + 2,
        /^(<<<<<<<|=======|>>>>>>>)/.test(line)
          ? "a merge conflict that is not resolved"
          : `expected CONTRACT:FUNCTION P=0.00 alpha=0.00 hot=VARIABLE, got ${JSON.stringify(shown)}`,
      );
    }
    return row;
  });
  const names = rows.map(({ contract, signature }) => `${contract}:${signature}`);
  const repeated = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (repeated !== -1) {
    throw invalid(repeated + 2, `${names[repeated]} is there twice`);
  }
  return {
    source: unescaped(source),
    window: window === "mined" ? window : Number(window),
    rows: rows.sort(byName),
  };
}

function parseRow(line: string): SnapshotRow | null {
  const [, contract, signature, parallelism, alpha, hot] = LINE.exec(line) ?? [];
  if (contract === undefined || signature === undefined || hot === undefined) {
    return null;
  }
  return {
    contract: unescaped(contract),
    signature: unescaped(signature),
    parallelism: Number(parallelism),
    alpha: alpha === "-" ? null : Number(alpha),
    hot: hot === "-" ? [] : hot.split(", ").map(unescaped),
  };
}

function escaped(text: string, unsafe: RegExp): string {
  return text.replace(
    unsafe,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function unescaped(text: string): string {
  return text.replace(/\\u\{([0-9a-f]{1,6})\}/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
