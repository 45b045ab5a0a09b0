/**
 * Recording across processes. The report task asks for it in an environment variable, so that the
 * networks of this process, of a script's subprocess and of mocha's workers all write their logs
 * into one directory, and the task reads them together.
 *
 * Owns: the variable, the open recorders of this process, their end. Does not own: the logs' format
 * (access-log/), what is made of them (report-task.ts).
 */
import type { BlockRecord } from "../access-log/block-record";
import { createRecorder, type Recorder } from "../access-log/recorder";
import { packageVersion } from "./package-version";

const VARIABLE = "HARDHAT_PARALLEL_RECORDING";

/** What the report task asks of the networks that start while it runs. */
export interface RecordingRequest {
  readonly directory: string;
  /** free text for the log's header: what is being run */
  readonly source: string;
  /** worker threads; overrides the config */
  readonly workers: number;
}

const open = new Set<Recorder>();
/** Configs of environments whose network started without recording. */
const unrecorded = new WeakSet<object>();
let section: string | null = null;

/** The request in this process's environment; null = nothing is recorded. */
export function requestedRecording(): RecordingRequest | null {
  const text = process.env[VARIABLE];
  return text === undefined ? null : JSON.parse(text);
}

/** Makes networks of this process and its children record while `body` runs. */
export async function withRecording<T>(
  request: RecordingRequest,
  body: () => Promise<T>,
): Promise<T> {
  const before = process.env[VARIABLE];
  process.env[VARIABLE] = JSON.stringify(request);
  try {
    return await body();
  } finally {
    if (before === undefined) {
      delete process.env[VARIABLE];
    } else {
      process.env[VARIABLE] = before;
    }
    section = null;
    await Promise.all([...open].map((recorder) => recorder.close()));
    open.clear();
  }
}

/** Notes that an environment's network started and does not record. */
export function noteUnrecorded(config: object): void {
  unrecorded.add(config);
}

/** True if it is too late to record in this process: the environment's network runs already. */
export function runsUnrecorded(config: object): boolean {
  return unrecorded.has(config);
}

/** Blocks recorded from now on belong to this test. */
export function setSection(name: string | null): void {
  section = name;
}

function completeAll(): void {
  for (const recorder of open) {
    recorder.closeNow();
  }
  open.clear();
}

/** Begins a log of one network. Throws ParallelError LOG_UNWRITABLE. */
export function startRecording(
  request: RecordingRequest,
  chainId: bigint,
): (block: BlockRecord) => void {
  const recorder = createRecorder({
    directory: request.directory,
    header: {
      format: 1,
      tool: "hardhat-parallel",
      toolVersion: packageVersion(),
      chainId,
      source: request.source,
    },
  });
  if (open.size === 0) {
    process.once("exit", completeAll);
  }
  open.add(recorder);
  return (block) => recorder.record(section === null ? block : { ...block, section });
}
