/**
 * The lists of functions, accounts and blocks that the details mean by numbers.
 * Owns: the numbering. Does not own: names.
 */
import type { RunAnalysis } from "../../analysis/run-analysis";
import type { Workload, WorkloadTransaction } from "../../analysis/workload";
import type { Address } from "../../state/hex";
import type { CallDetails } from "../details";
import type { FunctionReference } from "../report";

/** Values in order of first use, each with its number. */
export class Numbered<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<string, number>();

  number(key: string, value: () => T): number {
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.values.length;
      this.#numbers.set(key, number);
      this.values.push(value());
    }
    return number;
  }
}

export class ReferenceTables {
  readonly #functions = new Numbered<FunctionReference>();
  readonly #accounts = new Numbered<string>();
  readonly #blocks = new Numbered<string>();
  readonly #analysis: RunAnalysis;
  readonly #workload: Workload;
  readonly #labels: ReadonlyMap<Address, string>;

  constructor(
    analysis: RunAnalysis,
    workload: Workload,
    labels: ReadonlyMap<Address, string> = new Map(),
  ) {
    this.#analysis = analysis;
    this.#workload = workload;
    this.#labels = labels;
  }

  get functions(): readonly FunctionReference[] {
    return this.#functions.values;
  }

  get accounts(): readonly string[] {
    return this.#accounts.values;
  }

  get blocks(): readonly string[] {
    return this.#blocks.values;
  }

  /** A row of FunctionRows; null gives -1. */
  function(row: number | null): number {
    return row === null
      ? -1
      : this.#functions.number(row.toString(), () => {
          const { contract, signature } = this.#analysis.rows.functionName(row);
          return { contract, signature };
        });
  }

  account(address: Address): number {
    return this.#accounts.number(address, () => this.#labels.get(address) ?? address);
  }

  /** An index of `Workload.blocks`. */
  block(index: number): number {
    const number = (this.#workload.blocks[index]?.number ?? 0n).toString();
    return this.#blocks.number(number, () => number);
  }

  /** The function that a transaction called itself; -1 where it called no contract. */
  called(transaction: WorkloadTransaction): number {
    const [entry] = transaction.entries;
    return this.function(entry === undefined ? null : this.#analysis.rows.functionRow(entry));
  }

  call(transaction: WorkloadTransaction): CallDetails {
    return {
      block: this.block(transaction.block),
      transactionIndex: transaction.transactionIndex,
      account: this.account(transaction.sender),
      function: this.called(transaction),
    };
  }
}
