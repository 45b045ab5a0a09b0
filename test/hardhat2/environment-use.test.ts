import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { executeTransaction } from "../../src/execution/transaction-processing";
import { CodeUses, reachableOpcodes } from "../../src/hardhat2/environment-use";
import type { FailedExecution } from "../../src/network";
import { hexToBytes } from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { environment, transaction } from "../helpers/environment";
import { MapState } from "../helpers/map-state";
import { propertyParameters } from "../helpers/properties";
import { arbitraryProgram, codeOf, mutate } from "../helpers/random-bytecode";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const OTHER: Address = "0xc0de000000000000000000000000000000000002";

const opcodesOf = (hex: string): number[] =>
  [...reachableOpcodes(hexToBytes(`0x${hex}`))].sort((a, b) => a - b);

describe("hardhat2/environment-use", () => {
  it("push data are no opcodes, and what follows an end is come to by a jump alone", () => {
    assert.deepEqual(opcodesOf("6042"), [0x60]);
    assert.deepEqual(opcodesOf(`7f${"42".repeat(32)}43`), [0x43, 0x7f]);
    for (const end of ["00", "56", "f3", "fd", "fe", "ff"]) {
      assert.deepEqual(opcodesOf(`${end}42`), [Number.parseInt(end, 16)], end);
      assert.ok(opcodesOf(`${end}425b43`).includes(0x43), end);
      assert.ok(!opcodesOf(`${end}425b43`).includes(0x42), end);
    }
    assert.deepEqual(opcodesOf("5742"), [0x42, 0x57]); // JUMPI may not jump
    assert.deepEqual(opcodesOf("fe605b42"), [0xfe]); // a JUMPDEST in push data is none
    assert.deepEqual(opcodesOf("0c42"), [0x0c, 0x42]); // not in any fork so far
    assert.deepEqual(opcodesOf(""), []);
  });

  it("every opcode that random code runs is among those it may come to", async () => {
    const engine = new EthereumjsEngine();
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryProgram(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        async (program, spoiled) => {
          const code = mutate(codeOf(program, [CONTRACT, SENDER]), spoiled);
          const reachable = reachableOpcodes(code);
          const state = new MapState({ [SENDER]: { balance: 10n ** 18n }, [CONTRACT]: { code } });
          await executeTransaction(
            engine,
            new IncarnationView(new BlockOverlay(state), false),
            transaction(SENDER, { to: CONTRACT, gasLimit: 300_000n }),
            environment("osaka"),
            {
              onStep: ({ address, depth, pc, opcode }) => {
                if (address === CONTRACT && depth === 0 && code[pc] === opcode) {
                  seen++;
                  assert.ok(reachable.has(opcode), `${opcode.toString(16)} at ${pc}`);
                }
              },
            },
          );
        },
      ),
      propertyParameters({ numRuns: 100 }),
    );
    assert.ok(seen > 100, `${seen} opcodes ran`);
  });

  it("an execution sees what the code of any account it read can see", () => {
    const codes: Record<Hash, Hex> = {};
    const failure = (read: readonly Hex[], created: Hex | null = null): FailedExecution => {
      const reads = read.map((code, i) => {
        const codeHash: Hash = `0x${code.slice(2).padStart(64, "0")}`;
        codes[codeHash] = code;
        return { kind: "code", address: i === 0 ? CONTRACT : OTHER, codeHash };
      });
      // what else a failure has is not looked at
      return {
        request: { to: created === null ? CONTRACT : null, data: hexToBytes(created ?? "0x42") },
        outcome: { reads: [...reads, { kind: "balance", address: SENDER }] },
        preState: { code: (hash: Hash) => hexToBytes(codes[hash] ?? assert.fail("unknown code")) },
      } as unknown as FailedExecution;
    };
    const uses = new CodeUses();
    const nothing = { number: false, timestamp: false, prevRandao: false, creates: false };
    const everything = { number: true, timestamp: true, prevRandao: true, creates: true };
    assert.deepEqual(uses.of(failure([])), nothing);
    assert.deepEqual(uses.of(failure(["0x4145"])), nothing); // COINBASE, GASLIMIT
    assert.deepEqual(uses.of(failure(["0x43"])), { ...nothing, number: true });
    assert.deepEqual(uses.of(failure(["0x5f40"])), { ...nothing, number: true });
    assert.deepEqual(uses.of(failure(["0x5f", "0x42"])), { ...nothing, timestamp: true });
    assert.deepEqual(uses.of(failure(["0x44", "0x43"])), {
      number: true,
      timestamp: false,
      prevRandao: true,
      creates: false,
    });
    assert.deepEqual(uses.of(failure([], "0x42")), { ...nothing, timestamp: true });
    for (const creation of ["0xf0", "0xf5"] as const) {
      assert.deepEqual(uses.of(failure([creation])), everything);
      assert.deepEqual(uses.of(failure([], creation)), everything);
    }
    assert.deepEqual(uses.of(failure(["0x43", "0x5f"])), { ...nothing, number: true }); // known by now
  });
});
