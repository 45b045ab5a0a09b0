/** A plan in a file of its own for the processes of peers; removed at the end. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchPlan } from "./workload";

/** Runs `work` with the path of the plan's file. */
export async function withPlanFile<T>(
  plan: BenchPlan,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-bench-"));
  try {
    const file = join(directory, "plan.json");
    writeFileSync(file, JSON.stringify(plan));
    return await work(file);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
