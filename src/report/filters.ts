/**
 * What the user does not want to hear of: contracts and functions that are left out of the report's
 * rows, and variables that are known and accepted to be waited on.
 *
 * Transactions of what is left out still count in the numbers of the run: others wait for them.
 *
 * Owns: patterns and what they remove. Does not own: where they are configured.
 */
import type { FindingReport } from "./insights";
import type { FunctionReference, Report, SlotReference } from "./report";

export interface AcceptedSlot {
  /** `Pair.reserve0`, as the report prints it */
  readonly slot: string;
  readonly reason: string;
}

/** Patterns are names in which `*` stands for any characters. */
export interface ReportFilters {
  /** empty = all */
  readonly includeContracts: readonly string[];
  readonly excludeContracts: readonly string[];
  /** `Token.mint`, `Token.mint(address,uint256)` */
  readonly excludeFunctions: readonly string[];
  readonly excludeSlots: readonly AcceptedSlot[];
}

/** What was left out, and why: a report never hides that it hides something. */
export interface FiltersReport {
  readonly includeContracts: readonly string[];
  readonly excludeContracts: readonly string[];
  readonly excludeFunctions: readonly string[];
  /** rows that are not in the report */
  readonly hiddenContracts: number;
  readonly hiddenFunctions: number;
  readonly acceptedSlots: readonly AcceptedSlotReport[];
  /** patterns, and accepted variables, that nothing in this run is named by */
  readonly unmatched: readonly string[];
}

export interface AcceptedSlotReport extends AcceptedSlot {
  /** Does anything wait on it in this run? */
  readonly waitedOn: boolean;
}

export const NO_FILTERS: ReportFilters = {
  includeContracts: [],
  excludeContracts: [],
  excludeFunctions: [],
  excludeSlots: [],
};

/** `contracts/Token.sol:Token` is `Token`; an address stays. */
export function bareContract(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

/** `Token.balances[*]`, `Token (ether balance)`: a variable as it is printed. */
export function slotText({ contract, variable }: SlotReference): string {
  return `${bareContract(contract)}${variable.startsWith("(") ? " " : "."}${variable}`;
}

/** The accepted entry of a variable, if there is one. */
export function acceptedSlot<T extends AcceptedSlot>(
  accepted: readonly T[],
  slot: SlotReference,
): T | undefined {
  return accepted.find((entry) => entry.slot === slotText(slot));
}

/** True if all variables that a finding is about are accepted. */
export function isAccepted(
  { slot }: FindingReport,
  { acceptedSlots }: FiltersReport,
): AcceptedSlotReport | undefined {
  return slot === null ? undefined : acceptedSlot(acceptedSlots, slot);
}

/** The report without what the filters leave out, and with an account of it. */
export function filterReport(report: Omit<Report, "filters">, filters: ReportFilters): Report {
  const used = new Set<string>();
  const hit = (patterns: readonly string[], names: readonly string[]): boolean =>
    // all patterns are tried, so that each one that fits is known to be used
    patterns.filter((pattern) => {
      const fits = names.some((name) => matches(pattern, name));
      if (fits) {
        used.add(pattern);
      }
      return fits;
    }).length > 0;
  const { includeContracts, excludeContracts, excludeFunctions, excludeSlots } = filters;
  const hidesContract = (contract: string): boolean => {
    const names = [contract, bareContract(contract)];
    const excluded = hit(excludeContracts, names);
    return excluded || (includeContracts.length > 0 && !hit(includeContracts, names));
  };
  const hidesFunction = ({ contract, signature }: FunctionReference): boolean =>
    hit(
      excludeFunctions,
      [contract, bareContract(contract)].flatMap((name) => [
        `${name}.${signature}`,
        `${name}.${signature.replace(/\(.*$/s, "")}`,
      ]),
    );
  const hides = (fn: FunctionReference): boolean => {
    const byContract = hidesContract(fn.contract);
    return hidesFunction(fn) || byContract;
  };
  const contracts = report.contracts
    .filter(({ name }) => !hidesContract(name))
    .map((contract) => ({
      ...contract,
      functions: contract.functions.filter(
        ({ signature }) => !hidesFunction({ contract: contract.name, signature }),
      ),
    }));
  const shown = contracts.reduce((sum, { functions }) => sum + functions.length, 0);
  const all = report.contracts.reduce((sum, { functions }) => sum + functions.length, 0);
  const acceptedSlots = excludeSlots.map((accepted) => ({
    ...accepted,
    waitedOn: report.slots.some((slot) => acceptedSlot([accepted], slot) !== undefined),
  }));
  return {
    ...report,
    contracts,
    matrix: report.matrix.filter(({ functions }) => !functions.some(hides)),
    findings: {
      ...report.findings,
      findings: report.findings.findings.filter(
        ({ functions }) => functions.length === 0 || !functions.every(hides),
      ),
    },
    filters: {
      includeContracts,
      excludeContracts,
      excludeFunctions,
      hiddenContracts: report.contracts.length - contracts.length,
      hiddenFunctions: all - shown,
      acceptedSlots,
      unmatched: [
        ...[...includeContracts, ...excludeContracts, ...excludeFunctions].filter(
          (pattern) => !used.has(pattern),
        ),
        ...acceptedSlots.filter(({ waitedOn }) => !waitedOn).map(({ slot }) => slot),
      ],
    },
  };
}

/** Without regular expressions of the user's: nothing to escape, and linear in the name's length. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!name.startsWith(first)) {
    return false;
  }
  const last = rest.pop();
  if (last === undefined) {
    return name === pattern;
  }
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at === -1) {
      return false;
    }
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
