/**
 * From recorded logs to the report: reads them one block at a time, so that memory follows what the
 * analysis keeps and not the size of the logs.
 *
 * Several logs (mocha's parallel workers, a script's child processes) are of chains of their own:
 * their segments are kept apart.
 *
 * Owns: reading logs into the analysis. Does not own: the report's content (build-report.ts).
 */
import { AccessLogReader } from "../access-log/access-log-reader";
import type { BlockRecord } from "../access-log/block-record";
import type { ContractMetadata } from "../analysis/contract-metadata";
import { type FunctionModel, inferFootprints } from "../analysis/footprints/infer-footprints";
import { ObservedCalls } from "../analysis/footprints/observed-calls";
import { KnownCode } from "../analysis/naming/known-code";
import { createNaming } from "../analysis/naming/naming";
import { NamingEvidence } from "../analysis/naming/naming-evidence";
import type { SlotHook } from "../analysis/naming/slot-hook";
import { SlotGroups } from "../analysis/slot-groups";
import type { Naming } from "../analysis/slot-name";
import { codeLocator } from "../analysis/source-location";
import { planProbes } from "../analysis/value-probes/probe-plan";
import { ProbeRun } from "../analysis/value-probes/probe-run";
import type { ValueProbes } from "../analysis/value-probes/value-probes";
import type { Workload } from "../analysis/workload";
import { WorkloadBuilder } from "../analysis/workload-builder";
import type { CallReplayer } from "../analysis/workload-redraw/call-replayer";
import { ExecutionReplay } from "../analysis/workload-redraw/execution-replay";
import type { RedrawOptions } from "../analysis/workload-redraw/redraw-options";
import { redrawCalls } from "../analysis/workload-redraw/redrawn-calls";
import { executedRun, type RedrawnRun } from "../analysis/workload-redraw/redrawn-run";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Address } from "../state/hex";
import { buildReport, DEFAULT_LANES, type ReportOptions } from "./build-report";
import { sourceLookup } from "./details/source-lookup";
import type { DetailedReport } from "./report";
import { ScenarioBlocks, type ScenarioInput, withExecutedExponents } from "./scenario-report";

export interface ReportLogsInput
  extends Omit<ReportOptions, "footprints" | "locate" | "details" | "contracts"> {
  /** Draw the recorded calls anew; absent = the recording as it is. */
  readonly redraw?: RedrawOptions;
  /**
   * Executes recorded calls again: drawn ones, and some on other values. Absent = drawn calls are
   * computed from footprints, writes judged by what the log shows.
   */
  readonly replayer?: CallReplayer;
  /** Open and unread; one that was opened with `allowIncomplete` may be incomplete. */
  readonly logs: readonly AccessLogReader[];
  /** of the project's compiler, for names */
  readonly contracts: readonly ContractMetadata[];
  /** Labels of accounts, by lower-case address. */
  readonly accounts?: ReadonlyMap<Address, string>;
  /** The network forked a remote chain. */
  readonly forked?: boolean;
  /** The report is to have details (details.ts), as the HTML report needs them. */
  readonly details?: boolean;
  /** Asked for slots that have no name otherwise. */
  readonly slotResolver?: SlotHook;
  /** The recording is of a scenario: its largest run is reported on; absent = everything is. */
  readonly scenario?: ScenarioInput;
  /** Called for each reason, in words, why names may be missing or of another version of a source. */
  readonly onNamingNote?: (note: string) => void;
  /** Called after each block; for a progress bar. */
  readonly onBlock?: (blocks: number) => void;
  /** Called when all blocks are read: what follows holds the thread. */
  readonly onAnalysis?: () => void;
}

/** What was run: of recordings of several runs, each of them. */
export function sourceOf(logs: readonly AccessLogReader[]): string {
  return [...new Set(logs.map(({ header }) => header.source))].join(", ");
}

/**
 * Reads the logs to their end and builds the report. Throws ParallelError REPORT_EMPTY, and what
 * AccessLogReader.blocks throws.
 */
export async function reportOnLogs(input: ReportLogsInput): Promise<DetailedReport> {
  const builder = new WorkloadBuilder();
  const evidence = new NamingEvidence();
  const calls = new ObservedCalls();
  const hardforks = new Set<string>();
  const scenario = input.scenario === undefined ? null : new ScenarioBlocks(input.scenario);
  const recording = { logs: 0, complete: true, droppedBlocks: 0, droppedTransactions: 0 };
  let segmentsBefore = 0;
  let blocks = 0;
  for (const log of input.logs) {
    let segments = segmentsBefore;
    for await (const record of log.blocks()) {
      const block = { ...record, segment: segmentsBefore + record.segment };
      segments = Math.max(segments, block.segment + 1);
      evidence.add(block);
      if (scenario?.add(block) ?? true) {
        builder.add(block);
        calls.add(block);
      }
      hardforks.add(block.hardfork);
      input.onBlock?.(++blocks);
    }
    segmentsBefore = segments;
    recording.logs++;
    recording.complete &&= log.totals !== null;
    recording.droppedBlocks += log.totals?.droppedBlocks ?? 0;
    recording.droppedTransactions += log.totals?.droppedTransactions ?? 0;
  }
  const [first] = input.logs;
  if (first === undefined) {
    throw new ParallelError(ERRORS.REPORT_EMPTY, { reason: "the run recorded no access log" });
  }
  const { tool, toolVersion, chainId } = first.header;
  const source = input.scenario?.name ?? sourceOf(input.logs);
  const naming = createNaming({
    metadata: input.contracts,
    evidence,
    ...(input.accounts === undefined ? {} : { accounts: input.accounts }),
    ...(input.slotResolver === undefined ? {} : { slotResolver: input.slotResolver }),
  });
  const known = new KnownCode(input.contracts, evidence);
  const probes = await probeValues(input, builder.workload(), naming);
  const models = inferFootprints(calls, naming, input.contracts, probes);
  const executed = await executeDrawn(input, models, calls, evidence);
  const { details, forked = false, ...options } = input;
  const report = buildReport(
    builder.workload(),
    naming,
    {
      tool,
      toolVersion,
      chainId,
      source,
      hardforks: [...hardforks],
      recording: { ...recording, ...(forked ? { forked } : {}) },
    },
    {
      ...options,
      ...(details === true
        ? {
            details: {
              sources: sourceLookup(input.contracts),
              ...(input.accounts === undefined ? {} : { accounts: input.accounts }),
            },
          }
        : {}),
      ...(probes === undefined ? {} : { probes }),
      locate: codeLocator({
        code: (codeHash) => evidence.code(codeHash),
        contracts: (codeHash) => known.contracts(codeHash),
      }),
      footprints: {
        models,
        direct: calls.direct,
        ...(input.redraw === undefined ? {} : { redraw: input.redraw }),
        ...(executed === undefined ? {} : { executed }),
      },
    },
  );
  const scenarioReport = scenario?.report(naming, {
    lanes: input.lanes ?? DEFAULT_LANES,
    gasMode: input.gasMode ?? "total",
  });
  for (const note of naming.notes()) {
    input.onNamingNote?.(note);
  }
  return scenarioReport === undefined
    ? report
    : {
        ...report,
        scenario: scenarioReport,
        contracts: withExecutedExponents(report.contracts, scenarioReport),
      };
}

/** Reads the logs once more and executes the drawn calls; undefined if that was not asked for. */
async function executeDrawn(
  { logs, redraw, replayer, lanes = DEFAULT_LANES }: ReportLogsInput,
  models: readonly FunctionModel[],
  { direct }: ObservedCalls,
  { preimages }: NamingEvidence,
): Promise<RedrawnRun | null | undefined> {
  if (redraw === undefined || replayer === undefined) {
    return undefined;
  }
  const drawn = redrawCalls(models, direct, redraw);
  const replay = new ExecutionReplay(drawn, redraw.window, replayer, preimages);
  for await (const block of blocksAgain(logs)) {
    await replay.add(block);
  }
  return executedRun(drawn, replay, redraw, lanes);
}

/** Reads the logs as far as there are calls to try on other values; undefined without a replayer. */
async function probeValues(
  { logs, replayer }: ReportLogsInput,
  workload: Workload,
  naming: Naming,
): Promise<ValueProbes | undefined> {
  if (replayer === undefined) {
    return undefined;
  }
  const run = new ProbeRun(planProbes(workload, new SlotGroups(workload, naming)), replayer);
  if (!run.done) {
    for await (const block of blocksAgain(logs)) {
      await run.add(block);
      if (run.done) {
        break;
      }
    }
  }
  return run.answers();
}

/** The blocks of logs that were read before, segments kept apart as then. */
async function* blocksAgain(logs: readonly AccessLogReader[]): AsyncGenerator<BlockRecord> {
  let segmentsBefore = 0;
  for (const log of logs) {
    let segments = segmentsBefore;
    const again = await AccessLogReader.open(log.path, { allowIncomplete: log.totals === null });
    for await (const record of again.blocks()) {
      const block = { ...record, segment: segmentsBefore + record.segment };
      segments = Math.max(segments, block.segment + 1);
      yield block;
    }
    segmentsBefore = segments;
  }
}
