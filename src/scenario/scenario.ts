/**
 * Scenarios: load as code. A file in `parallel/` names them; the report task runs them.
 *
 * Owns: what a scenario is, and which ones the loaded files have named. Does not own: running them
 * (run-scenario.ts).
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { ScenarioContext } from "./context";

export interface ScenarioOptions {
  /** Users of the largest run; 1 to 100,000. They are made for it: funded, and able to send. */
  readonly users: number;
  /**
   * Numbers of users to run it with, for the scaling exponent; each on the state from before the
   * scenario. `false`: only with `users`. Default: 8, 16, 32, 64, 128, 256, as far as they are less, and `users`.
   */
  readonly sweep?: readonly number[] | false;
  /** Repeats everything that is drawn; an integer from 0 to 2^32 - 1, default 1. */
  readonly seed?: number;
}

/** Deploys and prepares, then puts load on the network with `context.load`. */
export type ScenarioBody = (context: ScenarioContext) => Promise<void>;

export interface Scenario {
  readonly name: string;
  readonly users: number;
  /** numbers of users to run it with, ascending, the last one is `users` */
  readonly sizes: readonly number[];
  readonly seed: number;
  readonly body: ScenarioBody;
}

export const MAX_USERS = 100_000;
const DEFAULT_SEED = 1;
const DEFAULT_SWEEP = [8, 16, 32, 64, 128, 256];

/** The list that files add to; shared by all copies of this module, see project/project.ts. */
const KEY = Symbol.for("hardhat-parallel/scenarios");

interface Holder {
  [KEY]?: Map<string, Scenario>;
}

/**
 * Names a scenario. To be called while a file of `parallel/` is loaded.
 *
 *     scenario("1,000 buyers mint", { users: 1000 }, async ({ users, load }) => {
 *       const sale = await ethers.deployContract("Sale");
 *       const buyers = await Promise.all(users.map((user) => ethers.getSigner(user)));
 *       await load(buyers.map((buyer) => () => sale.connect(buyer).mint()));
 *     });
 *
 * @throws ParallelError SCENARIO_INVALID
 */
export function scenario(name: string, options: ScenarioOptions, body: ScenarioBody): void {
  const scenarios = knownScenarios();
  if (typeof name !== "string" || name.trim() === "" || name === ALL) {
    throw invalid(String(name), `a name that is not empty and not "${ALL}"`, JSON.stringify(name));
  }
  if (scenarios.has(name)) {
    throw invalid(name, "a name of its own", "a second scenario of this name");
  }
  const { users, sweep, seed = DEFAULT_SEED } = options ?? {};
  requireInteger(name, "users", users, 1, MAX_USERS);
  requireInteger(name, "seed", seed, 0, 2 ** 32 - 1);
  if (typeof body !== "function") {
    throw invalid(name, "a function as the last argument", typeof body);
  }
  scenarios.set(name, { name, users, sizes: sizesOf(name, users, sweep), seed, body });
}

/** What `--scenario` takes for every scenario. */
export const ALL = "all";

/** Forgets all scenarios: files are about to be loaded. */
export function clearScenarios(): void {
  knownScenarios().clear();
}

/**
 * The scenarios that a name means, in the order in which they were named.
 * @throws ParallelError SCENARIO_UNKNOWN, SCENARIO_NONE
 */
export function selectScenarios(name: string): readonly Scenario[] {
  const scenarios = [...knownScenarios().values()];
  if (scenarios.length === 0) {
    throw new ParallelError(ERRORS.SCENARIO_NONE, {});
  }
  const selected = scenarios.filter((candidate) => name === ALL || candidate.name === name);
  if (selected.length === 0) {
    const known = scenarios.map((candidate) => JSON.stringify(candidate.name)).join(", ");
    throw new ParallelError(ERRORS.SCENARIO_UNKNOWN, { name, known });
  }
  return selected;
}

function knownScenarios(): Map<string, Scenario> {
  const holder = globalThis as Holder; // the global object has room for a symbol of ours
  holder[KEY] ??= new Map();
  return holder[KEY];
}

function sizesOf(name: string, users: number, sweep: ScenarioOptions["sweep"]): readonly number[] {
  if (sweep === false) {
    return [users];
  }
  if (sweep !== undefined && !Array.isArray(sweep)) {
    throw invalid(name, "sweep: a list of numbers of users, or false", JSON.stringify(sweep));
  }
  const sizes = new Set<number>([users]);
  for (const size of sweep ?? DEFAULT_SWEEP.filter((candidate) => candidate < users)) {
    requireInteger(name, "each number of the sweep", size, 1, users);
    sizes.add(size);
  }
  return [...sizes].sort((a, b) => a - b);
}

function requireInteger(name: string, what: string, value: unknown, min: number, max: number) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, `${what}: an integer from ${min} to ${max}`, JSON.stringify(value));
  }
}

function invalid(name: string, expected: string, actual: string | undefined): ParallelError {
  return new ParallelError(ERRORS.SCENARIO_INVALID, {
    name,
    expected,
    actual: actual ?? "nothing",
  });
}
