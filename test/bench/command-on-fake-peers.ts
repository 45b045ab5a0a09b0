/**
 * Started by command.test.ts: bench.ts with its command line, on peers that take what the first parameter says
 * (JSON: ms of each block by id) and without Hardhat 3.
 */
import { bench } from "../../bench/bench";
import { FakeHost } from "./fake-host";

const [walls = "{}", ...parameters] = process.argv.slice(2);
const given: Readonly<Record<string, number>> = JSON.parse(walls); // see above
const peers = Object.entries(given).map(([id, wall]) => [id, { wall }] as const);

void bench(
  parameters,
  new FakeHost({ ...Object.fromEntries(peers), hardhat3: { missing: "not installed" } }),
);
