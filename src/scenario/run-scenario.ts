/**
 * Runs a scenario once for each of its sizes, each time on the state from before it.
 *
 * Owns: the order of things. Does not own: recording, which its listener is told when to attribute to
 * which run; the report.
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Project } from "../project/project";
import { scenarioRandom } from "./context";
import { createLoad } from "./load";
import type { Scenario } from "./scenario";
import { dismissUsers, makeUsers } from "./users";

export interface ScenarioListener {
  /** What is mined from now on is the load of this run; null = it is not measured. */
  measuring(section: string | null): void;
  /** A run with so many users begins. */
  starting(users: number): void;
  /** `done` of the `all` transactions of a load are sent. */
  progress(done: number, all: number): void;
}

export interface ScenarioRun {
  readonly users: number;
  /** what the blocks of its load are recorded under */
  readonly section: string;
  readonly transactions: number;
  readonly failed: number;
}

/** @throws what the scenario throws, and ParallelError SCENARIO_WITHOUT_LOAD */
export async function runScenario(
  project: Project,
  scenario: Scenario,
  listener: ScenarioListener,
): Promise<readonly ScenarioRun[]> {
  const runs: ScenarioRun[] = [];
  for (const users of scenario.sizes) {
    runs.push(await runOnce(project, scenario, users, listener));
  }
  return runs;
}

async function runOnce(
  project: Project,
  { name, seed, body }: Scenario,
  count: number,
  listener: ScenarioListener,
): Promise<ScenarioRun> {
  const section = `${name} with ${count} users`;
  listener.starting(count);
  const total = { transactions: 0, failed: 0 };
  const snapshot = await project.request("evm_snapshot");
  const users = await makeUsers(project, count, seed);
  const load = createLoad(project, {
    measuring: (on) => listener.measuring(on ? section : null),
    sent: (done, all) => listener.progress(done, all),
  });
  try {
    await body({
      users,
      random: scenarioRandom(seed),
      load: async (sends) => {
        const result = await load(sends);
        total.transactions += result.transactions;
        total.failed += result.failed;
        return result;
      },
    });
  } finally {
    await dismissUsers(project, users);
    await project.request("evm_revert", [snapshot]);
  }
  if (total.transactions === 0) {
    throw new ParallelError(ERRORS.SCENARIO_WITHOUT_LOAD, { name });
  }
  return { users: count, section, ...total };
}
