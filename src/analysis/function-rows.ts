/**
 * Rows of a report: functions and contracts by their names, numbered. Two deployments of one
 * contract are one row; overloads are two (the full signature counts).
 *
 * Owns: the numbering. Does not own: the names (Naming).
 */
import type { CallEntry } from "./call-entries";
import type { FunctionName, Naming } from "./slot-name";
import type { Workload } from "./workload";

export class FunctionRows {
  readonly #nameByKey = new Map<string, FunctionName>();
  readonly #functions = new Table<FunctionName>((name) => `${name.contract}\n${name.signature}`);
  readonly #contracts = new Table<string>((contract) => contract);

  constructor(workload: Workload, naming: Naming) {
    for (const [key, frame] of workload.functions) {
      this.#nameByKey.set(key, naming.functionOf(frame));
    }
  }

  /** Null for a plain transfer of ether: no contract is involved. */
  functionRow(entry: CallEntry): number | null {
    const name = this.#nameOf(entry);
    return name === undefined ? null : this.#functions.number(name);
  }

  contractRow(entry: CallEntry): number | null {
    const name = this.#nameOf(entry);
    return name === undefined ? null : this.#contracts.number(name.contract);
  }

  functionName(row: number): FunctionName {
    return this.#functions.at(row);
  }

  contractName(row: number): string {
    return this.#contracts.at(row);
  }

  #nameOf(entry: CallEntry): FunctionName | undefined {
    return entry.plainTransfer ? undefined : this.#nameByKey.get(entry.functionKey);
  }
}

class Table<T> {
  readonly #keyOf: (value: T) => string;
  readonly #numbers = new Map<string, number>();
  readonly #values: T[] = [];

  constructor(keyOf: (value: T) => string) {
    this.#keyOf = keyOf;
  }

  number(value: T): number {
    const key = this.#keyOf(value);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#values.length;
      this.#numbers.set(key, number);
      this.#values.push(value);
    }
    return number;
  }

  at(number: number): T {
    // numbers come from number() only
    return this.#values[number] as T;
  }
}
