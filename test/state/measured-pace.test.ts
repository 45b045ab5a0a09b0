import { expect } from "chai";
import { measuredPace } from "../../src/state/measured-pace";

describe("measuredPace", () => {
  it("takes a faster measurement at once, and of a slower one a share", () => {
    expect(measuredPace(null, 10)).to.equal(10);
    expect(measuredPace(10, 4)).to.equal(4);
    expect(measuredPace(10, 20)).to.equal(13); // 10 + (20 - 10) x 0.3
    expect(measuredPace(10, 10)).to.equal(10);
  });
});
