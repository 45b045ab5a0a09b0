import { expect } from "chai";
import fc from "fast-check";
import { InvariantError } from "../../../src/errors/base-error";
import { CHANGE, Journal } from "../../../src/state/shared/journal";
import { propertyParameters } from "../../helpers/properties";

const NO_WORDS = new Uint32Array(8);
const record = (journal: Journal, row: number) =>
  journal.record(CHANGE.slot, row, false, NO_WORDS, 0, 8);

describe("journal", () => {
  it("finds the oldest change of a location at or after a mark, as a plain scan does", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 300 }), fc.nat(300), (rows, undone) => {
        const journal = new Journal();
        for (const row of rows) {
          record(journal, row);
        }
        // undo some and go on, so that chains have been shortened and grown again
        const kept = rows.slice(0, Math.max(0, rows.length - undone));
        while (journal.length > kept.length) {
          journal.pop();
        }
        journal.reverted(kept.length);
        const final = [...kept, ...rows];
        for (const row of rows) {
          record(journal, row);
        }
        for (let mark = 0; mark <= final.length; mark += 5) {
          for (let row = 0; row < 5; row++) {
            const expected = final.indexOf(row, mark);
            expect(journal.entryAt(CHANGE.slot, row, mark)).to.equal(expected);
          }
        }
      }),
      propertyParameters({ numRuns: 60 }),
    );
  });

  it("marks above a revert's target end, marks up to it stay valid, whatever follows", () => {
    const journal = new Journal();
    for (let change = 0; change < 10; change++) {
      record(journal, change);
    }
    const { epoch } = journal;
    const revertTo = (mark: number) => {
      while (journal.length > mark) {
        journal.pop();
      }
      journal.reverted(mark);
    };
    revertTo(5);
    for (let change = 0; change < 10; change++) {
      record(journal, change);
    }
    revertTo(8);
    journal.assertValid(5, epoch);
    journal.assertValid(8, journal.epoch);
    journal.assertValid(7, epoch + 1);
    expect(() => journal.assertValid(6, epoch)).to.throw(InvariantError);
    expect(() => journal.assertValid(9, epoch + 1)).to.throw(InvariantError);
    expect(() => journal.assertValid(9, journal.epoch)).to.throw(InvariantError);
  });
});
