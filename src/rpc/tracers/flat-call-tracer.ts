/**
 * "flatCallTracer": the frames of an execution as a list, in the format of OpenEthereum's `trace_*`
 * methods. Calls of precompiles that carry no value are left out, as there.
 */
import { bytesToHex } from "../../state/bytes";
import { quantity } from "../codec/quantity";
import { isPrecompile } from "../precompiles";
import { flatError } from "./frame-errors";
import { type FrameNode, FrameTree } from "./frame-tree";
import type { TracedExecution, Tracer } from "./tracer";

/** @param hardfork decides which precompiles there are */
export function flatCallTracer(hardfork: string): Tracer {
  const tree = new FrameTree();
  return {
    observers: { frames: tree },
    result(traced) {
      const list: object[] = [];
      add(tree.root, traced, [], list, hardfork);
      return list;
    },
  };
}

function add(
  node: FrameNode,
  traced: TracedExecution,
  traceAddress: readonly number[],
  list: object[],
  hardfork: string,
): void {
  const shown = node.children.filter(({ frame }) => !isPlainPrecompileCall(frame, hardfork));
  const { mined, context } = traced;
  const halt = node.end?.halt;
  list.push({
    action: action(node, traceAddress.length === 0 ? traced.gasLimit : node.frame.gas),
    ...(mined === undefined ? {} : { blockHash: mined.blockHash }),
    blockNumber: Number(context.environment.number),
    ...(halt === undefined ? {} : { error: flatError(halt) }),
    result: result(node),
    subtraces: shown.length,
    traceAddress,
    ...(mined === undefined
      ? {}
      : { transactionHash: mined.transactionHash, transactionPosition: mined.index }),
    type: typeOf(node),
  });
  shown.forEach((inner, index) => {
    add(inner, traced, [...traceAddress, index], list, hardfork);
  });
}

function typeOf({ frame: { kind } }: FrameNode): string {
  if (kind === "selfdestruct") {
    return "suicide";
  }
  return kind === "create" || kind === "create2" ? "create" : "call";
}

function action({ frame }: FrameNode, gas: bigint): object {
  const { kind, from, to, input, value } = frame;
  if (kind === "selfdestruct") {
    return { address: from, balance: quantity(value), refundAddress: to };
  }
  if (kind === "create" || kind === "create2") {
    return {
      from,
      gas: quantity(gas),
      init: bytesToHex(input),
      value: quantity(value),
      creationMethod: kind,
    };
  }
  return {
    from,
    callType: kind,
    gas: quantity(gas),
    input: bytesToHex(input),
    to,
    value: quantity(value),
  };
}

/** null for a frame that was halted, and for SELFDESTRUCT. */
function result(node: FrameNode): object | null {
  const { frame, end } = node;
  if (end === null || end.halt?.kind === "halt" || frame.kind === "selfdestruct") {
    return null;
  }
  const [gasUsed, output] = [quantity(end.gasUsed), bytesToHex(end.output)];
  return typeOf(node) === "create"
    ? { address: end.createdAddress, code: output, gasUsed }
    : { gasUsed, output };
}

function isPlainPrecompileCall({ to, value }: FrameNode["frame"], hardfork: string): boolean {
  return value === 0n && to !== null && isPrecompile(BigInt(to), hardfork);
}
