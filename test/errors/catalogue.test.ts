import { expect } from "chai";
import { ERRORS } from "../../src/errors/catalogue";

describe("catalogue of errors", () => {
  it("gives each error a code of its own", () => {
    const names = new Map<string, string[]>();
    for (const [name, { code }] of Object.entries(ERRORS)) {
      names.set(code, [...(names.get(code) ?? []), name]);
    }
    expect([...names].filter(([, sharing]) => sharing.length > 1)).to.deep.equal([]);
  });
});
