/** Printing to the terminal as Hardhat does: a line, or a new version of the last line. */

const HIDE_CURSOR = "\u001b[?25l";
const PREVIOUS_LINE = "\u001b[F";
const ERASE_TO_END = "\u001b[K";
const SHOW_CURSOR = "\u001b[?25h";

export function printLine(line: string, replacesLast: boolean): void {
  if (!replacesLast) {
    console.log(line);
  } else if (process.stdout.isTTY) {
    process.stdout.write(`${HIDE_CURSOR}${PREVIOUS_LINE}${line}${ERASE_TO_END}\n${SHOW_CURSOR}`);
  } else {
    process.stdout.write(`${line}\n`);
  }
}
