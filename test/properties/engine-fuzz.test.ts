/**
 * A slice of the differential fuzzing of the fast engine: seeded programs, on the reference and on every tier.
 * Each run takes another slice and prints its seed.
 *
 * HHP_FUZZ_SEED runs that slice again, HHP_FUZZ_PROGRAM=index one program of it, HHP_FUZZ_PROGRAMS=n makes
 * the slice larger or smaller. `npm run fuzz` runs slices until millions of opcodes were compared.
 */
import { expect } from "chai";
import type { Address } from "../../src/state/hex";
import { runOn } from "../helpers/engine-pair";
import { environment, transaction } from "../helpers/environment";
import { Campaign, report, tierEngines } from "../helpers/fuzz/campaign";
import { CodeBuilder } from "../helpers/fuzz/code-builder";
import { CountingReference } from "../helpers/fuzz/counting-reference";
import { MapState } from "../helpers/map-state";
import { sharedData } from "../helpers/shared-data";

/** About a minute on two cores, half a million opcodes and more. */
const PROGRAMS = 1200;

function numberFrom(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) {
    return undefined;
  }
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Error(`${name}: expected a whole number, got "${text}"`);
  }
  return number;
}

describe("fuzzing of the fast engine", function () {
  this.timeout(0);

  it("finds no difference from the reference engine on any tier", async () => {
    const seed = numberFrom("HHP_FUZZ_SEED") ?? Math.floor(Date.now() / 1000);
    const programs = numberFrom("HHP_FUZZ_PROGRAMS") ?? PROGRAMS;
    const only = numberFrom("HHP_FUZZ_PROGRAM");
    if (sharedData("blocks") === null) {
      console.log(
        "      no mainnet blocks beside the project: only compiled contracts are mutated",
      );
    }
    const campaign = new Campaign();
    await campaign.run({ seed, programs, ...(only === undefined ? {} : { only }) });
    const { total, differences } = campaign;
    console.log(
      `      HHP_FUZZ_SEED=${seed}: ${total.transactions} transactions, ${total.opcodes} opcodes`,
    );
    expect(differences.length, report(campaign)).to.equal(0);
    if (only === undefined && programs >= PROGRAMS) {
      // Programs that end at once would show nothing.
      expect(total.opcodes, "opcodes").to.be.greaterThan(100 * total.transactions);
      expect([...campaign.byKind.keys()]).to.have.members(["structured", "mutated", "raw"]);
    }
  });

  it("gives the same programs and counts for the same seed, and one of them alone", async () => {
    const slice = { seed: 7, programs: 8 };
    const all = new Campaign(tierEngines(["interpreter"]));
    await all.run(slice);
    const alone = new Campaign(tierEngines(["interpreter"]));
    for (let only = slice.programs - 1; only >= 0; only--) {
      await alone.run({ ...slice, only });
    }
    expect(alone.total).to.deep.equal(all.total);
    expect(alone.opcodeCounts).to.deep.equal(all.opcodeCounts);
  });

  it("counts the opcodes that the reference executed, inner frames included", async () => {
    const [outer, inner, sender]: readonly Address[] = [0xa1, 0xb2, 0xc3].map(
      (byte): Address => `0x${byte.toString(16).repeat(20)}`,
    );
    if (outer === undefined || inner === undefined || sender === undefined) {
      throw new Error("expected three addresses");
    }
    const code = new CodeBuilder();
    code.push(3); // 1
    const start = code.place;
    code.op(0x5b).push(1).op(0x90, 0x03, 0x80).pushPlace(start); // 6 each turn
    code.op(0x57, 0x50); // JUMPI 1 each turn, POP 1
    code.push(0, 0, 0, 0, 0, BigInt(inner)).op(0x5a, 0xf1, 0x00); // 6, GAS, CALL, STOP
    const reference = new CountingReference();
    await runOn(reference, {
      state: new MapState({
        [sender]: { balance: 10n ** 18n },
        [outer]: { code: code.build() },
        [inner]: { code: Uint8Array.of(0x5a, 0x50, 0x0c) }, // GAS, POP, and no such opcode
      }),
      transaction: transaction(sender, { to: outer }),
      environment: environment("osaka"),
      trace: false,
    });
    expect(reference.total).to.equal(1 + 3 * (6 + 1) + 1 + 6 + 3 + 2);
    expect(reference.counts[0x5b], "JUMPDEST").to.equal(3);
  });

  it("reports an engine that is wrong about gas, with how to run the program again", async () => {
    const [right] = tierEngines(["interpreter"]);
    if (right === undefined) {
      throw new Error("expected an engine for the interpreter");
    }
    const wrong = {
      ...right.engine,
      run: async (...parameters: Parameters<typeof right.engine.run>) => {
        const result = await right.engine.run(...parameters);
        return { ...result, gasUsed: result.gasUsed - (result.gasUsed > 1000n ? 1n : 0n) };
      },
    };
    const campaign = new Campaign([{ tier: "interpreter", engine: wrong }]);
    await campaign.run({ seed: 5, programs: 60 });
    expect(campaign.differences).to.have.length.greaterThan(0);
    const [first] = campaign.differences;
    expect(report(campaign)).to.include(`HHP_FUZZ_SEED=5 HHP_FUZZ_PROGRAM=${first?.index}`);
  });
});
