/**
 * `parallel-report --scenario`: runs scenarios with recording on and reports on each of them.
 *
 * Owns: the order of runs and reports, which files the reports of several scenarios go to. Does not
 * own: running a scenario (scenario/), what a report says.
 */
import { dirname, extname, join } from "node:path";
import { TASK_COMPILE } from "hardhat/builtin-tasks/task-names";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { invariant } from "../errors/base-error";
import { currentProject } from "../project/project";
import { plainText } from "../report/renderers/plain-text";
import { count } from "../report/renderers/words";
import type { ScenarioInput } from "../report/scenario-report";
import type { Snapshot } from "../report/snapshot";
import { runScenario } from "../scenario/run-scenario";
import { type Scenario, selectScenarios } from "../scenario/scenario";
import { comparableBaseline } from "./baseline";
import { Progress } from "./progress";
import { type Publication, publishReport } from "./publish-report";
import { logsIn, type RecordedRun, withRecordingDirectory } from "./recorded-run";
import { setSection, withRecording } from "./recording";
import { openLogs, projectReport } from "./report-output";
import { loadScenarioFiles } from "./scenario-files";

export interface ScenarioRequest extends Omit<RecordedRun, "source"> {
  /** a scenario's name, or "all" */
  readonly name: string;
  /** in place of the scenarios' own; null = theirs */
  readonly seed: number | null;
  readonly noCompile: boolean;
}

/**
 * Runs the scenarios, then shows and writes a report on each.
 * @throws what loading and running scenarios throws, and what reportOnRun throws
 */
export async function reportOnScenarios(
  hre: HardhatRuntimeEnvironment,
  { name, seed, noCompile, workers, record, options, publication }: ScenarioRequest,
): Promise<void> {
  if (!noCompile) {
    await hre.run(TASK_COMPILE, { quiet: true });
  }
  await loadScenarioFiles(hre.config.paths.root);
  const scenarios = selectScenarios(name).map((one) => ({ ...one, seed: seed ?? one.seed }));
  const suffixes = fileSuffixes(scenarios);
  const outputs: { publication: Publication; baseline: Snapshot | null }[] = [];
  for (const [index, { name: source }] of scenarios.entries()) {
    const own = publicationOf(publication, suffixes[index] ?? "", scenarios.length > 1);
    const { window } = options;
    outputs.push({ publication: own, baseline: await comparableBaseline(own, { source, window }) });
  }
  await withRecordingDirectory(record, async (directory) => {
    const source = scenarios.length === 1 ? (scenarios[0]?.name ?? name) : "scenarios";
    const inputs: ScenarioInput[] = [];
    await withRecording({ directory, source, workers }, async () => {
      for (const scenario of scenarios) {
        inputs.push(await recordScenario(scenario));
      }
    });
    for (const [index, output] of outputs.entries()) {
      const scenario = inputs[index];
      invariant(scenario !== undefined, "every scenario was recorded");
      const report = await projectReport(hre, {
        ...options,
        logs: await openLogs(await logsIn(directory)),
        details: publication.html !== null,
        scenario,
      });
      await publishReport(report, hre, output.publication, output.baseline);
    }
  });
}

async function recordScenario(scenario: Scenario): Promise<ScenarioInput> {
  const { name, seed } = scenario;
  const progress = new Progress();
  try {
    const runs = await runScenario(currentProject(), scenario, {
      measuring: setSection,
      starting: (users) => progress.phase(`${plainText(name)} with ${count(users)} users`),
      progress: (done, all) => progress.step(`${count(done)} of ${count(all)} transactions sent`),
    });
    return { name, seed, runs };
  } finally {
    progress.end();
  }
}

/** `rush-at-ticketsale`: of each scenario another one. */
function fileSuffixes(scenarios: readonly Scenario[]): string[] {
  const taken = new Set<string>();
  return scenarios.map(({ name }) => {
    const slug =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "") || "scenario";
    let suffix = slug;
    for (let number = 2; taken.has(suffix); number++) {
      suffix = `${slug}-${number}`;
    }
    taken.add(suffix);
    return suffix;
  });
}

/** Each scenario has a baseline of its own; of several scenarios, each also its own files. */
function publicationOf(publication: Publication, suffix: string, several: boolean): Publication {
  const { baseline } = publication;
  const own = (path: string | null): string | null =>
    path === null || !several ? path : withSuffix(path, suffix);
  return {
    ...publication,
    json: own(publication.json),
    html: own(publication.html),
    markdown: own(publication.markdown),
    sarif: own(publication.sarif),
    baseline: { path: `${baseline.path}-${suffix}`, name: `${baseline.name}-${suffix}` },
  };
}

/** `reports/report.json` is `reports/report.rush.json` */
function withSuffix(path: string, suffix: string): string {
  const extension = extname(path);
  const name = path.slice(dirname(path).length).replace(/^[\\/]/, "");
  return join(
    dirname(path),
    `${name.slice(0, name.length - extension.length)}.${suffix}${extension}`,
  );
}
