import { expect } from "chai";
import { measuredPace } from "../../src/state/measured-pace";

describe("measuredPace", () => {
  it("takes a faster measurement at once, and of a slower one a share", () => {
    expect(measuredPace(null, 10)).to.equal(10);
    expect(measuredPace(10, 4)).to.equal(4);
    expect(measuredPace(10, 14)).to.equal(11.2); // 10 + (14 - 10) x 0.3
    expect(measuredPace(10, 10)).to.equal(10);
  });

  it("takes no measurement for more than one and a half times the estimate", () => {
    expect(measuredPace(10, 15)).to.equal(11.5); // 10 + (15 - 10) x 0.3
    expect(measuredPace(10, 1000)).to.equal(11.5);
  });
});
