import { expect } from "chai";
import {
  account,
  COINBASE,
  HandMadeContract,
  reads,
  updates,
  writes,
} from "../helpers/hand-made-log";
import { edgesOf, SOME, touching } from "./graphs";

const A = SOME.slot("a");
const B = SOME.slot("b");

describe("conflicts", () => {
  it("a read conflicts with the last writer before it (docs/metrics.md, Conflict)", () => {
    expect(
      edgesOf([
        touching("u1", 10, updates(A)),
        touching("u2", 20, updates(A)),
        touching("u3", 30, updates(B)),
        touching("u4", 40, reads(A), reads(B)),
      ]),
    ).to.deep.equal(["1→2 storage contract", "2→4 storage contract", "3→4 storage contract"]);
  });

  it("reads of the same location do not conflict", () => {
    expect(edgesOf([touching("u1", 1, reads(A)), touching("u2", 1, reads(A))])).to.deep.equal([]);
  });

  it("a read before the write does not conflict: order counts", () => {
    expect(edgesOf([touching("u1", 1, reads(A)), touching("u2", 1, updates(A))])).to.deep.equal([]);
  });

  it("two writes without a read are no conflict", () => {
    expect(edgesOf([touching("u1", 1, writes(A)), touching("u2", 1, writes(A))])).to.deep.equal([]);
  });

  it("the same slot number of two accounts is two locations", () => {
    const other = new HandMadeContract("Other");
    expect(
      edgesOf([touching("u1", 1, updates(A)), touching("u2", 1, updates(other.slot("a")))]),
    ).to.deep.equal([]);
  });

  it("an exact balance read waits for every change since the last exact reader that changed it", () => {
    const vault = { kind: "balance", address: SOME.address } as const;
    expect(
      edgesOf([
        touching("u1", 1, writes(vault)),
        touching("u2", 1, updates(vault)),
        touching("u3", 1, writes(vault)),
        touching("u4", 1, reads(vault)),
      ]),
    ).to.deep.equal(["1→2 balance contract", "2→4 balance contract", "3→4 balance contract"]);
  });

  it("balances that are only credited and covered do not conflict: plain transfers, fees", () => {
    expect(
      edgesOf([
        { from: "u1", gas: 21000, to: "shop", value: 5n },
        { from: "u2", gas: 21000, to: "shop", value: 5n },
        { from: "shop", gas: 21000, to: "u1", value: 1n },
      ]),
    ).to.deep.equal([]);
  });

  it("two transactions of one sender conflict on its nonce: the sender's, not the contract's", () => {
    expect(edgesOf([touching("u1", 1), touching("u1", 1)])).to.deep.equal(["1→2 nonce sender"]);
  });

  it("reading one's own balance after one's own transaction is the sender's conflict", () => {
    const own = { kind: "balance", address: account("u1") } as const;
    expect(edgesOf([touching("u1", 1), touching("u1", 1, reads(own))])).to.deep.equal([
      "1→2 balance sender",
      "1→2 nonce sender",
    ]);
  });

  it("reading a balance that others changed by paying a fee is the fee's conflict", () => {
    const [payer, miner] = [account("u1"), COINBASE].map(
      (address) => ({ kind: "balance", address }) as const,
    );
    if (payer === undefined || miner === undefined) {
      throw new Error("two locations");
    }
    expect(edgesOf([touching("u1", 1), touching("u2", 1, reads(payer))])).to.deep.equal([
      "1→2 balance fee",
    ]);
    expect(edgesOf([touching("u1", 1), touching("u2", 1, reads(miner))])).to.deep.equal([
      "1→2 balance fee",
    ]);
  });

  it("reading the balance of a sender who sent ether along is a contract's conflict", () => {
    const payer = { kind: "balance", address: account("u1") } as const;
    expect(
      edgesOf([{ ...touching("u1", 1), value: 7n }, touching("u2", 1, reads(payer))]),
    ).to.deep.equal(["1→2 balance contract"]);
  });

  it("ether that a failed call did not move leaves a fee", () => {
    const payer = { kind: "balance", address: account("u1") } as const;
    expect(
      edgesOf([
        {
          from: "u1",
          gas: 1,
          value: 7n,
          failed: true,
          call: { contract: SOME, fn: "run()", success: false },
        },
        touching("u2", 1, reads(payer)),
      ]),
    ).to.deep.equal(["1→2 balance fee"]);
  });

  it("an account that ends writes its slots, nonce and code: one conflict, on its existence", () => {
    const life = { kind: "existence", address: SOME.address } as const;
    const end = { location: life, read: false, write: true, before: 1n, after: 0n };
    const code = { kind: "code", address: SOME.address } as const;
    const nonce = { kind: "nonce", address: SOME.address } as const;
    expect(
      edgesOf([
        touching("u1", 1, updates(A)),
        touching("u2", 1, end),
        touching("u3", 1, reads(A), reads(code), reads(nonce)),
      ]),
    ).to.deep.equal(["2→3 existence contract"]);
  });

  it("an account that begins with empty storage writes its slots, but not nonce and code", () => {
    const life = { kind: "existence", address: SOME.address } as const;
    const code = { kind: "code", address: SOME.address } as const;
    expect(
      edgesOf([touching("u1", 1, writes(life)), touching("u2", 1, reads(A), reads(code))]),
    ).to.deep.equal(["1→2 existence contract"]);
  });

  it("putting the old value back conflicts under the version rule, not under the value rule", () => {
    const guarded = [touching("u1", 1, updates(A, 1n, 1n)), touching("u2", 1, updates(A, 1n, 1n))];
    expect(edgesOf(guarded)).to.deep.equal(["1→2 storage contract"]);
    expect(edgesOf(guarded, "value")).to.deep.equal([]);
  });
});
