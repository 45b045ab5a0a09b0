/** "hardhat-parallel/analysis": from block records to what waits for what. Reads data, runs nothing. */
export type { ContractMetadata, StorageLayout } from "./analysis/contract-metadata";
export { createNaming, type NamingInput } from "./analysis/naming/naming";
export { NamingEvidence } from "./analysis/naming/naming-evidence";
export type { ResolvedSlot, SlotHook, SlotQuery } from "./analysis/naming/slot-hook";
export { type AnalysisOptions, analyseRun, type RunAnalysis } from "./analysis/run-analysis";
export type { FunctionName, Naming, SlotName } from "./analysis/slot-name";
export type { WindowMode } from "./analysis/windows";
export type { Workload } from "./analysis/workload";
export { WorkloadBuilder } from "./analysis/workload-builder";
