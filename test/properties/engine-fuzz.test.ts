/**
 * A slice of the differential fuzzing of the fast engine: seeded programs, on the reference and on every tier.
 * Each run takes another slice and prints its seed.
 *
 * HHP_FUZZ_SEED runs that slice again, HHP_FUZZ_PROGRAM=index one program of it, HHP_FUZZ_PROGRAMS=n makes
 * the slice larger or smaller. `npm run fuzz` runs slices until millions of opcodes were compared.
 */
import { expect } from "chai";
import { blobBaseFee } from "../../src/execution/blob-gas";
import type { TierChoice } from "../../src/execution/engine/fast/compiled/tier-choice";
import { forkRules } from "../../src/execution/fork-rules";
import { intrinsicGas } from "../../src/execution/intrinsic-gas";
import { checkFees, checkForm, upfrontCost } from "../../src/execution/transaction-validity";
import type { Address } from "../../src/state/hex";
import { runOn } from "../helpers/engine-pair";
import { environment, transaction } from "../helpers/environment";
import { compareDrafts } from "../helpers/fuzz/block-comparison";
import { ALL_KINDS, ALL_TIERS, Campaign, report, tierEngines } from "../helpers/fuzz/campaign";
import { CodeBuilder } from "../helpers/fuzz/code-builder";
import { CountingReference } from "../helpers/fuzz/counting-reference";
import type { Kind } from "../helpers/fuzz/scene";
import { MapState } from "../helpers/map-state";
import { sharedData } from "../helpers/shared-data";

/** Less than a minute on one core, 3 to 9 million opcodes: each run takes other ones, and `npm run fuzz` far more. */
const PROGRAMS = 500;

/** What a slice is made of and runs on, not taken from the lists that make it: the types ask for all of them. */
const KINDS: Readonly<Record<Kind, true>> = {
  structured: true,
  raw: true,
  mutated: true,
  operands: true,
  setCode: true,
  amsterdam: true,
};
/** Has the tier compiled code in every slice? "auto" only where a code is hot. */
const TIERS: Readonly<Record<TierChoice, boolean>> = {
  interpreter: false,
  javascript: true,
  webassembly: true,
  hasty: true,
  "hasty-webassembly": true,
  climbing: true,
  auto: false,
};

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
      expect([...campaign.byKind.keys()]).to.have.members(Object.keys(KINDS));
      expect(campaign.tiers.map(({ tier }) => tier)).to.have.members(Object.keys(TIERS));
      for (const { tier, engine } of campaign.tiers.filter((one) => TIERS[one.tier])) {
        expect(engine.tierCounters.entered, `${tier}: frames compiled`).to.be.greaterThan(0);
      }
    }
  });

  it("even a small slice has programs of every kind, and all tiers run each", async () => {
    expect(ALL_KINDS).to.have.members(Object.keys(KINDS));
    expect(ALL_TIERS).to.have.members(Object.keys(TIERS));
    const campaign = new Campaign();
    expect(campaign.tiers.map(({ tier }) => tier)).to.have.members(Object.keys(TIERS));
    await campaign.run({ seed: 7, programs: 8 });
    expect([...campaign.byKind.keys()]).to.have.members(Object.keys(KINDS));
  });

  it("gives the same programs and counts for the same seed, and one of them alone", async () => {
    const slice = { seed: 7, programs: 8 };
    const all = new Campaign(tierEngines(["interpreter"]));
    await all.run(slice);
    const alone = new Campaign(tierEngines(["interpreter"]));
    // one of operands, one of delegations and one of Amsterdam belong to these eight
    for (const only of [3_000_000, 2_000_000, 1_000_000, 7, 6, 5, 4, 3, 2, 1, 0]) {
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

  it("signs authorizations that are valid, and others for each reason to skip one", async () => {
    const campaign = new Campaign([]);
    const seen = new Set<string>();
    for (let index = 2_000_000; index < 2_000_060; index++) {
      const program = await campaign.program(3, index);
      if (!("transactions" in program)) {
        throw new Error(`expected a program of delegations, got ${program.kind}`);
      }
      const { state } = program;
      const { transactions } = await compareDrafts(new CountingReference(), [], program);
      for (const { from, signedAuthorizations = [], authorizationList } of transactions) {
        for (const [place, { chainId, nonce, address }] of signedAuthorizations.entries()) {
          const authority = authorizationList[place]?.authority ?? null;
          const before = signedAuthorizations.slice(0, place);
          seen.add(authority === null ? "no signer" : "signer");
          seen.add(chainId > 1n ? "another chain" : `chain ${chainId}`);
          seen.add(before.some((other) => other === signedAuthorizations[place]) ? "again" : "");
          seen.add(authority === from ? "the sender's own" : "");
          seen.add(BigInt(address) === 0n ? "taken back" : "");
          seen.add(BigInt(address) > 0n && BigInt(address) < 0x12n ? "to a precompile" : "");
          seen.add(authorizationList.some((one) => one.authority === address) ? "chained" : "");
          if (authority !== null && authority !== from && place === 0) {
            seen.add(state.nonce(authority) === nonce ? "right nonce" : "other nonce");
          }
        }
      }
    }
    expect([...seen]).to.include.members([
      ...["no signer", "signer", "another chain", "chain 0", "chain 1", "again"],
      ...["the sender's own", "taken back", "to a precompile", "chained"],
      ...["right nonce", "other nonce"],
    ]);
  });

  for (const [kind, first] of [
    ["delegations", 2_000_000],
    ["Amsterdam", 3_000_000],
  ] as const) {
    it(`blocks of ${kind} have blob transactions that are valid, and others for each reason to refuse one`, async () => {
      const campaign = new Campaign([]);
      const seen = new Set<string>();
      for (let index = first; index < first + 1_000; index++) {
        const program = await campaign.program(3, index);
        if (!("transactions" in program)) {
          throw new Error(`expected a block of transactions, got ${program.kind}`);
        }
        const rules = forkRules(program.environment.rules);
        const price = blobBaseFee(program.environment, rules) ?? 0n;
        for (const { transaction: one } of program.transactions) {
          if (one.type === 3) {
            const gas = intrinsicGas(one, rules);
            const error =
              checkForm(one, program.environment, rules, gas) ??
              checkFees(one, program.environment, rules, gas);
            seen.add(error?.kind ?? `valid, ${price === 1n ? "cheap" : "dear"}`);
            seen.add(error !== null && "detail" in error ? error.detail.replace(/\d+/g, "n") : "");
            seen.add(upfrontCost(one) > 10n ** 18n ? "too dear" : "");
          }
        }
      }
      expect([...seen].map((text) => text.replace(/hash .* of/, "hash of"))).to.include.members([
        ...["valid, cheap", "valid, dear", "too dear", "BlobFeeTooLow", "MalformedBlobTransaction"],
        ...["no blobs", "n blobs, at most n are allowed", "versioned hash of unknown version"],
        "a blob transaction cannot create a contract",
      ]);
    });
  }

  it("says where a rule around messages, which all engines share, is not @ethereumjs/vm's", async () => {
    const campaign = new Campaign([]);
    let differing = 0;
    for (let index = 2_000_000; index < 2_000_010; index++) {
      const program = await campaign.program(3, index);
      if (!("transactions" in program)) {
        throw new Error(`expected a program of delegations, got ${program.kind}`);
      }
      // Every authorization is for another chain here, but not for runTx, whose chain has the number 1.
      const { environment: block } = program;
      const moved = { ...block, rules: { ...block.rules, chainId: 0x7777n } };
      const { differences } = await compareDrafts(new CountingReference(), [], {
        ...program,
        environment: moved,
      });
      differing += differences.filter(({ tier }) => tier === "@ethereumjs/vm").length;
    }
    expect(differing).to.be.greaterThan(0);
  });
});
