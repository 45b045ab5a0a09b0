/** What every section of the terminal report is given. */
import type { createColors } from "picocolors";
import type { Report } from "../../report";

export interface Page {
  readonly report: Report;
  /** characters per line */
  readonly columns: number;
  readonly colors: ReturnType<typeof createColors>;
}
