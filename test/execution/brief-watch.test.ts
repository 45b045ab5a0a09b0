import { expect } from "chai";
import { changesSoon } from "../../src/execution/brief-watch";

describe("a brief watch of shared memory", () => {
  const words = new Int32Array(new SharedArrayBuffer(8));

  it("sees a word that has changed already", () => {
    words[1] = 7;
    expect(changesSoon(words, 1, 6)).to.equal(true);
  });

  it("ends where nothing changes", () => {
    words[1] = 7;
    expect(changesSoon(words, 1, 7)).to.equal(false);
  });
});
