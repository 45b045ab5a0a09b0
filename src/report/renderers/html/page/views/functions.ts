/** All functions. */
import { plural } from "../../../words";
import { h } from "../dom";
import { contractTable, functionTable } from "../function-table";
import type { Model } from "../model";
import { pageTitle, section } from "../parts";

export function functions(model: Model): HTMLElement[] {
  return [
    pageTitle(
      "Functions",
      h(
        "p",
        { class: "lead" },
        `${plural(model.functions.length, "function")} of ${plural(model.report.contracts.length, "contract")} that the run called. Those marked internal were called by other contracts only.`,
      ),
    ),
    functionTable(model, model.functions, "All functions"),
    section("By contract", contractTable(model)),
  ];
}
