/**
 * "hardhat-parallel/hardhat2": the plugin for Hardhat 2. Loading it from a Hardhat config registers
 * the network and the task.
 */
import { ParallelError } from "./errors/base-error";
import { ERRORS } from "./errors/catalogue";
import { hardhatContextExists } from "./hardhat2/hardhat-internals";
import { registerPlugin } from "./hardhat2/register";
import "./hardhat2/type-extensions";

export type { ResolvedSlot, SlotHook, SlotQuery } from "./analysis/naming/slot-hook";
export type { ParallelConfig, ParallelUserConfig } from "./hardhat2/config";
export type { ParallelReportConfig, ParallelReportUserConfig } from "./hardhat2/report-config";

if (!hardhatContextExists()) {
  throw new ParallelError(ERRORS.PLUGIN_OUTSIDE_CONFIG, {});
}
registerPlugin();
