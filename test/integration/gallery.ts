/**
 * docs/gallery.md: the fixture projects before and after, from their reports.
 * UPDATE_GALLERY=1 mocha test/integration/fixture-projects.test.ts writes it anew.
 */
import {
  contractName,
  percent,
  slotName,
  slotNames,
  speedUpNumber,
  VERDICT_WORDS,
} from "../../src/report/renderers/words";
import type { ContractReport, FunctionReport, Report } from "../../src/report/report";

interface Twins {
  readonly project: string;
  readonly before: readonly string[];
  readonly after: string;
  readonly change: string;
}

const SCRIPT = "scripts/load.ts";

/** The numbers are the reports'; what was changed is in the projects' READMEs at length. */
const GALLERY: readonly Twins[] = [
  {
    project: "counter",
    before: ["TicketSale"],
    after: "ShardedTicketSale",
    change:
      "Two running totals are kept in 16 buckets, one chosen by the buyer's address, and summed up in a view.",
  },
  {
    project: "crowdsale",
    before: ["Crowdsale"],
    after: "SettledCrowdsale",
    change:
      "No sum of what was raised and no transfer in every purchase: buyers have limits of their own, the wallet takes the ether later.",
  },
  {
    project: "nft",
    before: ["EnumerableCollection", "SequentialCollection"],
    after: "HashedCollection",
    change:
      "Token ids are no longer consecutive numbers but hashes of the first owner and that owner's own count.",
  },
  {
    project: "airdrop",
    before: ["PushAirdrop", "MerkleAirdrop"],
    after: "ClaimableToken",
    change:
      "The token is its own airdrop: a claim credits its account and takes from no shared balance.",
  },
  {
    project: "lending",
    before: ["LendingMarket"],
    after: "IsolatedMarkets",
    change:
      "One market becomes many; interest is added once per block and market, and no lock is taken.",
  },
  {
    project: "orderbook",
    before: ["OrderBook"],
    after: "PairedOrders",
    change:
      "An order's id comes from its trader, and a match names the two orders that meet instead of taking the best price.",
  },
  {
    project: "game",
    before: ["GameWorld"],
    after: "TileWorld",
    change: "No counters of turns, random numbers and things made, and no leader: tiles only.",
  },
  {
    project: "referral",
    before: ["ReferralProgram"],
    after: "PullReferral",
    change:
      "No list of customers; those above a payer come for their shares instead of being paid on the way.",
  },
  {
    project: "rollup-inbox",
    before: ["RollupInbox"],
    after: "SenderQueues",
    change:
      "A hash chain for each sender instead of one for all: the order between senders is given up.",
  },
];

const HEAD = `# Gallery: before and after

The projects in [fixture-projects](../fixture-projects), each with a twin that keeps the same promises in another way.
Both run the same load, \`${SCRIPT}\`, in blocks as mined. Verdict, parallelism P and speed-up on 8 lanes are those of the
report; how they follow from the contracts is worked out by hand in each project's README. By key with P 0%: every call of
the load uses the same key.

What makes calls wait is a *product* decision as often as a programming one: the twins give something up, and each says
what.
`;

/** @param reportOf the report of a project's script */
export async function galleryText(
  reportOf: (project: string, script: string) => Promise<Report>,
): Promise<string> {
  const sections: string[] = [];
  for (const twins of GALLERY) {
    sections.push(section(twins, await reportOf(twins.project, SCRIPT)));
  }
  return [HEAD, ...sections].join("\n");
}

function section({ project, before, after, change }: Twins, report: Report): string {
  const contracts = [...before, after].map((name) => contractOf(report, name));
  const names = [
    ...new Set(contracts.flatMap(({ functions }) => functions.filter(isOwn).map(bare))),
  ];
  const row = (title: string, cells: readonly string[]): string =>
    `| ${[title, ...cells].join(" | ")} |`;
  return `## ${project}

${change} ([what is given up](../fixture-projects/${project}/README.md))

${[
  row(
    "",
    contracts.map(
      ({ name }, place) =>
        `${place < before.length ? "before" : "after"}: \`${contractName(name)}\``,
    ),
  ),
  row(
    "---",
    contracts.map(() => "---"),
  ),
  ...names.map((name) =>
    row(
      `\`${name}\``,
      contracts.map(({ functions }) =>
        cell(functions.filter(isOwn).find((fn) => bare(fn) === name)),
      ),
    ),
  ),
  row(
    "**all of it**",
    contracts.map(
      ({ metrics }) => `P ${percent(metrics.parallelism)}, **${speedUpNumber(metrics.speedUp)}×**`,
    ),
  ),
  row("waits on", contracts.map(waitsOn)),
].join("\n")}
`;
}

function contractOf({ contracts }: Report, name: string): ContractReport {
  const found = contracts.find((contract) => contractName(contract.name) === name);
  if (found === undefined) {
    throw new Error(`the report has no contract ${name}`);
  }
  return found;
}

/** Called by users, and more than once in a block. */
function isOwn({ direct, verdict }: FunctionReport): boolean {
  return direct > 0 && verdict !== "unmeasured";
}

function bare({ signature }: FunctionReport): string {
  return signature.slice(0, signature.indexOf("("));
}

function cell(fn: FunctionReport | undefined): string {
  return fn === undefined
    ? "–"
    : `${VERDICT_WORDS[fn.verdict]}; P ${percent(fn.metrics.parallelism)}, ${speedUpNumber(fn.metrics.speedUp)}×`;
}

function waitsOn({ topFix }: ContractReport): string {
  return topFix === null
    ? "nothing"
    : slotNames(topFix.slots.map((slot) => `\`${slotName(slot)}\``));
}
