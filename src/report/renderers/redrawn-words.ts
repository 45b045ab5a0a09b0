/** Where the numbers of a drawn workload come from, in words. */
import type { RedrawnReport } from "../footprint-report";
import { plural } from "./words";

export function basisWords({ basis, calls, functions }: RedrawnReport): string {
  const executed = functions.reduce((sum, row) => sum + row.executed, 0);
  switch (basis) {
    case "execution":
      return `all ${plural(calls, "call")} executed again on the recorded state`;
    case "mixed":
      return `${executed} of ${plural(calls, "call")} executed again on the recorded state, the others computed on footprints`;
    case "footprints":
      return "computed on footprints, not executed";
  }
}
