/**
 * "callTracer": the frames of an execution as a tree, in geth's format.
 *
 * Owns: the format. Does not own: the words for failures (frame-errors.ts).
 */
import { bytesToHex } from "../../state/bytes";
import type { Hex } from "../../state/hex";
import { quantity } from "../codec/quantity";
import { frameError, revertText } from "./frame-errors";
import { type FrameNode, FrameTree } from "./frame-tree";
import type { TracedExecution, Tracer } from "./tracer";

export interface CallTracerConfig {
  /** nothing but the transaction's own frame */
  readonly onlyTopCall?: boolean;
  readonly withLog?: boolean;
}

export interface CallLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  /** how many calls the frame had made */
  readonly position: Hex;
  /** number of the log among those of the transaction, failed frames' included */
  readonly index: Hex;
}

export interface CallFrame {
  readonly from: Hex;
  readonly gas: Hex;
  readonly gasUsed: Hex;
  readonly to?: Hex;
  readonly input: Hex;
  readonly output?: Hex;
  readonly error?: string;
  readonly revertReason?: string;
  readonly calls?: readonly CallFrame[];
  readonly logs?: readonly CallLog[];
  readonly value?: Hex;
  readonly type: string;
}

export function callTracer(config: CallTracerConfig): Tracer {
  const tree = new FrameTree();
  return {
    observers: { frames: tree },
    result: (traced) => callFrame(tree.root, config, traced),
  };
}

function callFrame(root: FrameNode, config: CallTracerConfig, traced: TracedExecution): CallFrame {
  return {
    ...describe(root, config, config.withLog === true),
    gas: quantity(traced.gasLimit),
    gasUsed: quantity(traced.outcome.gasUsed),
  };
}

/** `showsLogs`: no frame around it failed. */
function describe(node: FrameNode, config: CallTracerConfig, showsLogs: boolean): CallFrame {
  const { frame, end } = node;
  const halt = end?.halt;
  const stands = showsLogs && halt === undefined;
  const to = frame.to ?? (halt === undefined ? end?.createdAddress : undefined);
  const output = end === null || halt?.kind === "halt" ? "0x" : bytesToHex(end.output);
  const reason = end !== null && halt?.kind === "revert" ? revertText(end.output) : undefined;
  const calls =
    config.onlyTopCall === true
      ? []
      : node.children.map((inner) => describe(inner, config, stands));
  const logs = stands ? node.logs.map(callLog) : [];
  return {
    from: frame.from,
    gas: quantity(frame.gas),
    gasUsed: quantity(end?.gasUsed ?? 0n),
    ...(to === undefined ? {} : { to }),
    input: bytesToHex(frame.input),
    ...(output === "0x" ? {} : { output }),
    ...(halt === undefined ? {} : { error: frameError(halt) }),
    ...(reason === undefined ? {} : { revertReason: reason }),
    ...(calls.length === 0 ? {} : { calls }),
    ...(logs.length === 0 ? {} : { logs }),
    ...(frame.kind === "staticcall" ? {} : { value: quantity(frame.value) }),
    type: frame.kind.toUpperCase(),
  };
}

function callLog({ log, position, index }: FrameNode["logs"][number]): CallLog {
  return { ...log, position: quantity(position), index: quantity(index) };
}
