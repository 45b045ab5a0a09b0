import { expect } from "chai";
import { isParallelError, type ParallelError } from "../../src/errors/base-error";
import { ERRORS } from "../../src/errors/catalogue";
import { scenarioRandom } from "../../src/scenario/context";
import {
  clearScenarios,
  type ScenarioOptions,
  scenario,
  selectScenarios,
} from "../../src/scenario/scenario";

const nothing = async (): Promise<void> => undefined;

function refusal(body: () => unknown): ParallelError {
  try {
    body();
  } catch (error) {
    if (isParallelError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error("was not refused");
}

describe("scenario", () => {
  beforeEach(clearScenarios);
  after(clearScenarios);

  it("is found by its name, and all of them by all, in the order in which they were named", () => {
    scenario("b", { users: 3 }, nothing);
    scenario("a", { users: 300, seed: 7 }, nothing);
    expect(selectScenarios("all").map(({ name }) => name)).to.deep.equal(["b", "a"]);
    expect(selectScenarios("a")).to.have.length(1);
    expect(selectScenarios("a")[0]).to.include({ users: 300, seed: 7 });
  });

  it("runs with 8 to 256 users as far as they are less, or with what its sweep says", () => {
    const sizes = (users: number, sweep?: ScenarioOptions["sweep"]) => {
      clearScenarios();
      scenario("s", { users, ...(sweep === undefined ? {} : { sweep }) }, nothing);
      return selectScenarios("s")[0]?.sizes;
    };
    expect(sizes(1000)).to.deep.equal([8, 16, 32, 64, 128, 256, 1000]);
    expect(sizes(64)).to.deep.equal([8, 16, 32, 64]);
    expect(sizes(5)).to.deep.equal([5]);
    expect(sizes(100, [50, 10, 100])).to.deep.equal([10, 50, 100]);
    expect(sizes(100, false)).to.deep.equal([100]);
  });

  for (const [what, name, options, code] of [
    ["no users", "s", {}, "SCENARIO_INVALID"],
    ["users that are text", "s", { users: "10" }, "SCENARIO_INVALID"],
    ["too many users", "s", { users: 100_001 }, "SCENARIO_INVALID"],
    ["a sweep beyond the users", "s", { users: 10, sweep: [11] }, "SCENARIO_INVALID"],
    ["a sweep that is a number", "s", { users: 10, sweep: 5 }, "SCENARIO_INVALID"],
    ["a negative seed", "s", { users: 10, seed: -1 }, "SCENARIO_INVALID"],
    ["an empty name", " ", { users: 10 }, "SCENARIO_INVALID"],
    ["the name all", "all", { users: 10 }, "SCENARIO_INVALID"],
  ] as const) {
    it(`with ${what} is refused`, () => {
      // what a JavaScript file can pass
      const error = refusal(() => scenario(name, options as unknown as ScenarioOptions, nothing));
      expect(error.code).to.equal(ERRORS[code].code);
    });
  }

  it("with a name that is taken, or without a function, is refused", () => {
    scenario("s", { users: 2 }, nothing);
    expect(refusal(() => scenario("s", { users: 2 }, nothing)).message).to.contain(
      "a name of its own",
    );
    const noBody = undefined as unknown as () => Promise<void>; // what a JavaScript file can pass
    expect(refusal(() => scenario("t", { users: 2 }, noBody)).message).to.contain("a function");
  });

  it("that is not there is an error that lists those that are; so is a project without any", () => {
    expect(refusal(() => selectScenarios("all")).code).to.equal(ERRORS.SCENARIO_NONE.code);
    scenario("mint", { users: 2 }, nothing);
    const error = refusal(() => selectScenarios("mnit"));
    expect(error.code).to.equal(ERRORS.SCENARIO_UNKNOWN.code);
    expect(error.message).to.contain('"mint"');
  });
});

describe("random draws of a scenario", () => {
  it("repeat with the seed and differ without", () => {
    const draw = (seed: number): number[] => {
      const random = scenarioRandom(seed);
      return Array.from({ length: 50 }, () => random.zipf(100, 1) + 1000 * random.uniform(7));
    };
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).to.not.deep.equal(draw(2));
  });

  it("follow the distribution: Zipf's first rank of 1, 1/2, 1/3, 1/4 takes 12 of 25", () => {
    // 1 / (1 + 1/2 + 1/3 + 1/4) = 12/25
    const random = scenarioRandom(3);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) {
      const rank = random.zipf(4, 1);
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
    expect((counts[0] ?? 0) / 20_000).to.be.closeTo(12 / 25, 0.02);
    expect((counts[3] ?? 0) / 20_000).to.be.closeTo(3 / 25, 0.02);
  });

  it("pick elements, and refuse an empty list", () => {
    const random = scenarioRandom(1);
    expect(["a", "b"]).to.include(random.pick(["a", "b"]));
    expect(() => random.pick([])).to.throw(RangeError);
  });
});
