/**
 * npm run fuzz -- [--opcodes 10000000] [--seed n] [--tiers interpreter,javascript,…] [--programs 500]
 *   [--minutes n] [--kinds setCode,operands,…]
 *
 * Differential fuzzing of the fast engine against the reference engine, on every tier, until so many opcodes
 * were executed on the reference and compared (or until the time is over). Runs slices of --programs programs
 * with the seeds n, n + 1 and so on: each is what test/properties/engine-fuzz.test.ts runs for its seed. Ends
 * with exit code 1 if anything differs.
 */
import { parseArgs } from "node:util";
import type { TierChoice } from "../src/execution/engine/fast/compiled/tier-choice";
import { ALL_KINDS, ALL_TIERS, Campaign, report, tierEngines } from "../test/helpers/fuzz/campaign";
import type { Kind } from "../test/helpers/fuzz/scene";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      opcodes: { type: "string", default: "10000000" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1000)) },
      tiers: { type: "string", default: ALL_TIERS.join(",") },
      programs: { type: "string", default: "500" },
      minutes: { type: "string", default: "1000000" },
      kinds: { type: "string" },
    },
  });
  const opcodes = positive("--opcodes", values.opcodes);
  const programs = positive("--programs", values.programs);
  const kinds = values.kinds?.split(",").map(kindOf);
  const end = performance.now() + positive("--minutes", values.minutes) * 60_000;
  const campaign = new Campaign(tierEngines(values.tiers.split(",").map(tierOf)));
  const goOn = (): boolean => campaign.total.opcodes < opcodes && performance.now() < end;
  const first = positive("--seed", values.seed);
  let seed = first;
  for (; goOn(); seed++) {
    await campaign.run({ seed, programs, ...(kinds === undefined ? {} : { kinds }) }, goOn);
    const { total, differences } = campaign;
    console.log(
      `seed ${seed}: ${total.transactions} transactions, ${total.opcodes.toLocaleString("en")} opcodes, ${differences.length} differences so far`,
    );
  }
  const { user, system } = process.cpuUsage();
  console.log(`\nseeds ${first} to ${seed - 1}, ${Math.round((user + system) / 1e6)} s of CPU`);
  console.log(report(campaign));
  process.exitCode = campaign.differences.length === 0 ? 0 : 1;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number <= 0) {
    throw new Error(`${option}: expected a whole number above zero, got "${text}"`);
  }
  return number;
}

function tierOf(name: string): TierChoice {
  const tier = ALL_TIERS.find((known) => known === name);
  if (tier === undefined) {
    throw new Error(`--tiers: expected names out of ${ALL_TIERS.join(", ")}, got "${name}"`);
  }
  return tier;
}

function kindOf(name: string): Kind {
  const kind = ALL_KINDS.find((known) => known === name);
  if (kind === undefined) {
    throw new Error(`--kinds: expected names out of ${ALL_KINDS.join(", ")}, got "${name}"`);
  }
  return kind;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
