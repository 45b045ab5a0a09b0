import { expect } from "chai";
import { CapacityExceeded } from "../../src/execution/capacity-exceeded";
import { arenaBytes, SharedArena } from "../../src/execution/shared-arena";

const WORDS = 1 << 14;

function createArenas(count: number): SharedArena[] {
  const buffer = new SharedArrayBuffer(arenaBytes(WORDS));
  const arenas = Array.from({ length: count }, () => new SharedArena(buffer));
  arenas[0]?.reset();
  return arenas;
}

/** Takes all that there is, in pieces of this size, and fills it. @returns what each piece held before */
function fillUp(arena: SharedArena, size: number): number[][] {
  const found: number[][] = [];
  try {
    for (;;) {
      const at = arena.allocate(size);
      found.push([...arena.words.subarray(at, at + size)]);
      arena.words.fill(-1, at, at + size);
    }
  } catch (error) {
    if (!(error instanceof CapacityExceeded)) {
      throw error;
    }
    return found;
  }
}

describe("shared arena", () => {
  it("hands out zeroed words, whatever the block before left there", () => {
    // pieces of a chunk, and pieces that are larger than one
    for (const size of [10, 5000]) {
      const [arena, other] = createArenas(2);
      const first = fillUp(arena as SharedArena, size);
      arena?.reset();
      const again = fillUp(other as SharedArena, size);
      expect(again).to.have.lengthOf(first.length);
      expect(again.flat().every((word) => word === 0)).to.equal(true);
    }
  });

  it("gives no two threads the same words, and never index 0", () => {
    const arenas = createArenas(2);
    const taken = new Set<number>();
    for (let turn = 0; turn < 500; turn++) {
      const arena = arenas[turn % 2] as SharedArena; // there are two
      const at = arena.allocate(7);
      for (let word = at; word < at + 8; word++) {
        expect(taken.has(word)).to.equal(false);
        taken.add(word);
      }
    }
    expect(taken.has(0)).to.equal(false);
  });
});
