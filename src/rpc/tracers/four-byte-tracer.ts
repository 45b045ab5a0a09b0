/** "4byteTracer": how often each function selector was called with how many bytes of arguments. */
import { bytesToHex } from "../../state/bytes";
import { FrameTree, framesOf } from "./frame-tree";
import type { Tracer } from "./tracer";

const SELECTOR_BYTES = 4;

export function fourByteTracer(): Tracer {
  const tree = new FrameTree();
  return {
    observers: { frames: tree },
    result() {
      const counts = new Map<string, number>();
      for (const { node } of framesOf(tree.root)) {
        const { kind, input } = node.frame;
        if (kind !== "create" && kind !== "create2" && input.length >= SELECTOR_BYTES) {
          const selector = bytesToHex(input.subarray(0, SELECTOR_BYTES));
          const key = `${selector}-${input.length - SELECTOR_BYTES}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      }
      return Object.fromEntries([...counts].sort(([first], [second]) => (first < second ? -1 : 1)));
    },
  };
}
