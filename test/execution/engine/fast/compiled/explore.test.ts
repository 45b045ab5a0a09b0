import { expect } from "chai";
import { compileBench } from "../../../../../bench/contracts";
import { CodeAnalysis } from "../../../../../src/execution/engine/fast/code-analysis";
import type {
  BlockState,
  ControlFlow,
} from "../../../../../src/execution/engine/fast/compiled/control-flow";
import {
  type Exploration,
  exploreControlFlow,
} from "../../../../../src/execution/engine/fast/compiled/explore";
import { findState } from "../../../../../src/execution/engine/fast/compiled/find-state";
import { scheduleOf } from "../../../../../src/execution/engine/fast/schedule";
import { forkRules } from "../../../../../src/execution/fork-rules";
import { hexToBytes } from "../../../../../src/state/bytes";
import { assemble } from "../../../../helpers/assembler";
import { rules } from "../../../../helpers/environment";

const LIMITS = { states: 1000, steps: 20_000, statesOfBlock: 16, height: 1024 };

function explore(
  code: Uint8Array,
  options: Partial<Exploration> = {},
  hardfork = "cancun",
): ControlFlow {
  const { opcodeGas } = scheduleOf(forkRules(rules(hardfork)));
  return exploreControlFlow(new CodeAnalysis(code), { opcodeGas, limits: LIMITS, ...options });
}

function first({ states }: ControlFlow): BlockState {
  const state = states[0];
  if (state === undefined) {
    throw new Error("no state");
  }
  return state;
}

describe("control flow of EVM code", () => {
  it("a function called from two places returns to each: one state per caller", () => {
    // PUSH1 8 PUSH1 19 JUMP | 8: JUMPDEST PUSH1 15 PUSH1 19 JUMP | 15: JUMPDEST STOP | 19: JUMPDEST JUMP
    const code = Uint8Array.from([
      0x60, 8, 0x60, 19, 0x56, 0, 0, 0, 0x5b, 0x60, 15, 0x60, 19, 0x56, 0, 0x5b, 0, 0, 0, 0x5b,
      0x56,
    ]);
    const flow = explore(code);
    expect(flow.leftOut).to.deep.equal({ dynamic: 0, notReached: 0, overLimit: 0 });
    const callee = (flow.statesAt.get(19) ?? []).map((id) => flow.states[id]);
    expect(callee.map((state) => [...(state?.known ?? [])])).to.deep.equal([[[0, 8n]], [[0, 15n]]]);
    expect(findState(flow, 19, [15n], 1)).to.equal(callee[1]?.id);
    expect(findState(flow, 19, [9n], 1), "a return address nobody pushed").to.equal(-1);
    expect(findState(flow, 19, [15n, 15n], 2)).to.equal(-1);
  });

  it("all jumps of a compiled contract are resolved", () => {
    const { leftOut, states } = explore(hexToBytes(compileBench()).subarray(0x1c));
    expect(leftOut).to.deep.equal({ dynamic: 0, notReached: 0, overLimit: 0 });
    expect(states.length).to.be.within(40, 500);
  });

  describe("gas segments", () => {
    it("charge as the opcodes do, and end with what outlives a failed frame", () => {
      // PUSH1 3, PUSH1 3, SLOAD 0 (its price is dynamic), PUSH1 3, ADD 3, PUSH1 3, TLOAD 100, STOP 0
      const { block } = first(explore(assemble("0x1 0x2 SLOAD 0x3 ADD 0x4 TLOAD STOP")));
      const charges = block.steps.map(({ charge, prepaid }) => [charge, prepaid]);
      expect(charges).to.deep.equal([
        [6, 3],
        [0, 0],
        [0, 0],
        [109, 106],
        [0, 103],
        [0, 100],
        [0, 0],
        [0, 0],
      ]);
    });

    it("follow the hardfork", () => {
      const code = assemble(`${`0x${"11".repeat(20)}`} BALANCE STOP`);
      const chargeOf = (hardfork: string): unknown =>
        first(explore(code, {}, hardfork)).block.steps[0]?.charge;
      expect(chargeOf("chainstart")).to.equal(23);
      expect(chargeOf("istanbul")).to.equal(703);
      expect(chargeOf("cancun")).to.equal(3);
    });
  });

  describe("what cannot run", () => {
    const exitOf = (source: string): unknown => first(explore(assemble(source))).exit;

    it("ends before the opcode that halts", () => {
      expect(exitOf("0x1 ADD")).to.deep.equal({ kind: "halt", reason: "underflow" });
      expect(exitOf("0x1 INVALID")).to.deep.equal({ kind: "halt", reason: "opcode" });
      const state = first(explore(assemble("0x1 ADD")));
      expect(state.block.steps.map(({ opcode }) => opcode)).to.deep.equal([0x60]);
      expect(state.block.end).to.equal(2);
    });

    it("overflows where the stack has 1024 items", () => {
      const flow = explore(new Uint8Array(2000).fill(0x58));
      const last = flow.states.at(-1);
      expect(last?.exit).to.deep.equal({ kind: "halt", reason: "overflow" });
      expect(last?.block.end).to.equal(1024);
    });

    it("a known jump to no JUMPDEST is invalid, an unknown one dynamic", () => {
      expect(exitOf("0x1 JUMP")).to.deep.equal({ kind: "jump", target: { kind: "invalid" } });
      expect(exitOf("0x0 CALLDATALOAD JUMP")).to.deep.equal({
        kind: "jump",
        target: { kind: "dynamic" },
      });
    });

    it("an opcode of a later hardfork is none", () => {
      const flow = explore(assemble("0x1 TLOAD"), {}, "london");
      expect(first(flow).exit).to.deep.equal({ kind: "halt", reason: "opcode" });
    });
  });

  it("a branch with a known condition is a jump", () => {
    expect(first(explore(assemble("0x1 0x5 JUMPI JUMPDEST STOP"))).exit).to.deep.equal({
      kind: "jump",
      target: { kind: "state", id: 1 },
    });
    expect(first(explore(assemble("0x0 0x99 JUMPI STOP"))).exit).to.deep.equal({
      kind: "jump",
      target: { kind: "state", id: 1 },
    });
  });

  it("sides of branches that were never reached are left out", () => {
    const code = assemble("0x0 CALLDATALOAD 0x8 JUMPI STOP JUMPDEST STOP");
    const flow = explore(code, { isReached: (pc) => pc !== 6 });
    expect(first(flow).exit).to.deep.include({
      next: { kind: "leave", pc: 6, reason: "notReached" },
    });
    expect(flow.leftOut.notReached).to.equal(1);
  });

  it("a root is entered with nothing known", () => {
    const code = assemble("0x0 CALLDATALOAD JUMP JUMPDEST JUMP");
    const flow = explore(code, { roots: [{ pc: 4, height: 3 }] });
    expect(findState(flow, 4, [1n, 2n, 3n], 3)).to.equal(1);
  });

  describe("hostile code is cheap", () => {
    it("24,576 JUMPDESTs, and a table of jumps through all of it: within the limits", () => {
      const jumpdests = explore(new Uint8Array(24_576).fill(0x5b));
      expect(jumpdests.states.length).to.equal(LIMITS.states);
      const table = new Uint8Array(24_575);
      for (let place = 0; place + 5 <= table.length; place += 5) {
        table.set([0x5b, 0x61, (place + 5) >> 8, (place + 5) & 0xff, 0x56], place);
      }
      const flow = explore(table);
      expect(flow.states.length).to.equal(LIMITS.states);
      expect(flow.leftOut.overLimit).to.equal(1);
    });

    it("a function that calls itself grows the stack, not the states", () => {
      const flow = explore(assemble("JUMPDEST 0x0 0x0 JUMP"));
      expect(flow.states.length).to.equal(2 * LIMITS.statesOfBlock);
      expect(flow.leftOut.overLimit).to.equal(1);
    });

    it("return addresses that double at each step are generalised", () => {
      // each rung pushes one of two return addresses (0 and 9 are JUMPDESTs) and goes on
      const rung = (next: number): number[] => [
        0x5b,
        0x36,
        0x60,
        next + 7,
        0x57,
        0x60,
        0,
        0x5b,
        0x60,
        0,
      ];
      const code = Uint8Array.from(Array.from({ length: 20 }, (_, i) => rung(i * 10)).flat());
      const flow = explore(code);
      expect(flow.states.length).to.be.at.most(LIMITS.states);
      for (const [, states] of flow.statesAt) {
        expect(states.length).to.be.at.most(2 * LIMITS.statesOfBlock);
      }
    });
  });
});
