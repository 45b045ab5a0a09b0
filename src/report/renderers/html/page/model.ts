/**
 * The report in the page, with what is looked up often: functions, variables and findings by number.
 * Owns: the lookups. Does not own: words (../../words.ts) and views.
 */
import type { ReportDetails, VariableDetails } from "../../../details";
import type { FindingReport, FunctionPairReport } from "../../../insights";
import type {
  ContractReport,
  DetailedReport,
  FunctionReference,
  FunctionReport,
  SlotReference,
  SlotReport,
} from "../../../report";
import { contractName, functionName, slotName } from "../../words";

export interface FunctionEntry {
  readonly id: number;
  readonly contract: ContractReport;
  readonly row: FunctionReport;
  /** `buy`, with parameters only where the contract has an overload */
  readonly name: string;
  /** `TicketSale.buy` */
  readonly fullName: string;
}

export interface SlotEntry {
  readonly id: number;
  readonly slot: SlotReport;
  /** `Token.balances[*]` */
  readonly fullName: string;
  readonly details: VariableDetails | null;
  readonly findings: readonly FindingReport[];
}

function key({ contract, signature }: FunctionReference): string {
  return `${contract}\n${signature}`;
}

function slotKey({ contract, variable }: SlotReference): string {
  return `${contract}\n${variable}`;
}

export class Model {
  readonly report: DetailedReport;
  readonly details: ReportDetails | null;
  readonly functions: readonly FunctionEntry[];
  readonly slots: readonly SlotEntry[];
  readonly #functionByKey: ReadonlyMap<string, FunctionEntry>;
  readonly #slotByKey: ReadonlyMap<string, SlotEntry>;

  constructor(report: DetailedReport) {
    this.report = report;
    this.details = report.details ?? null;
    let id = 0;
    this.functions = report.contracts.flatMap((contract) => {
      const signatures = contract.functions.map(({ signature }) => signature);
      return contract.functions.map((row) => {
        const name = functionName(row.signature, signatures);
        const fullName = `${shownContract(contract.name)}.${name}`;
        return { id: id++, contract, row, name, fullName };
      });
    });
    this.#functionByKey = new Map(
      this.functions.map((entry) => [
        key({ contract: entry.contract.name, signature: entry.row.signature }),
        entry,
      ]),
    );
    const { findings } = report.findings;
    this.slots = report.slots.map((slot, place) => ({
      id: place,
      slot,
      fullName: slotName(slot),
      details: this.details?.variables[place] ?? null,
      findings: findings.filter(
        (finding) => finding.slot !== null && slotKey(finding.slot) === slotKey(slot),
      ),
    }));
    this.#slotByKey = new Map(this.slots.map((entry) => [slotKey(entry.slot), entry]));
  }

  functionOf(reference: FunctionReference): FunctionEntry | null {
    return this.#functionByKey.get(key(reference)) ?? null;
  }

  /** By a number of the details. */
  functionAt(number: number): FunctionEntry | null {
    const reference = this.details?.functions[number];
    return reference === undefined ? null : this.functionOf(reference);
  }

  /** The name of a function that may have no row. */
  nameOf(reference: FunctionReference): string {
    return (
      this.functionOf(reference)?.fullName ??
      `${shownContract(reference.contract)}.${functionName(reference.signature, [])}`
    );
  }

  /** What a transaction called, by a number of the details. */
  calledName(number: number): string {
    const reference = this.details?.functions[number];
    return reference === undefined ? "(no contract)" : this.nameOf(reference);
  }

  slotOf(reference: SlotReference): SlotEntry | null {
    return this.#slotByKey.get(slotKey(reference)) ?? null;
  }

  account(number: number): string {
    return this.details?.accounts[number] ?? "";
  }

  block(number: number): string {
    return this.details?.blocks[number] ?? "";
  }

  pairsOf({ contract, row }: FunctionEntry): readonly FunctionPairReport[] {
    const own = key({ contract: contract.name, signature: row.signature });
    return this.report.matrix
      .filter(({ functions }) => functions.some((reference) => key(reference) === own))
      .sort((a, b) => b.conflicting - a.conflicting);
  }

  findingsOf({ contract, row }: FunctionEntry): readonly FindingReport[] {
    const own = key({ contract: contract.name, signature: row.signature });
    return this.report.findings.findings.filter(({ functions }) =>
      functions.some((reference) => key(reference) === own),
    );
  }
}

/** `Token`; an address without a source is abbreviated. */
export function shownContract(contract: string): string {
  return /^0x[0-9a-f]{40}$/.test(contract)
    ? `${contract.slice(0, 8)}…${contract.slice(-4)}`
    : contractName(contract);
}

export function sameFunction(a: FunctionReference, b: FunctionReference): boolean {
  return key(a) === key(b);
}
