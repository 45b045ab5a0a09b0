import { expect } from "chai";
import { ThreadHealth } from "../../src/worker/thread-health";

describe("ThreadHealth", () => {
  it("is seen by all that share it, with the first cause", () => {
    const own = new ThreadHealth();
    const other = new ThreadHealth(own.shared);
    expect(own.problem).to.equal(null);
    other.fail("nobody catches ε");
    own.fail("nor this");
    expect(own.problem).to.equal("nobody catches ε");
    expect(other.problem).to.equal("nobody catches ε");
  });

  it("keeps the beginning of a long cause, and knows of one without words", () => {
    const long = new ThreadHealth();
    long.fail("x".repeat(5_000));
    expect(long.problem).to.match(/^x{1000,}$/);
    const silent = new ThreadHealth();
    silent.fail("");
    expect(silent.problem).to.equal("");
  });
});
