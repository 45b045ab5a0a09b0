/** Each detector on a hand-made run that triggers it, and on one that is nearly that and does not. */
import { expect } from "chai";
import { detect } from "../../src/analysis/detectors/detect";
import type { Finding } from "../../src/analysis/detectors/finding";
import { analyseRun } from "../../src/analysis/run-analysis";
import { collectWorkload } from "../../src/analysis/workload-builder";
import type { Hex } from "../../src/state/hex";
import type { Location } from "../../src/state/location";
import {
  account,
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  handMadeNaming,
  reads,
  type Touch,
  updates,
  word,
  writes,
} from "../helpers/hand-made-log";

const SHOP = new HandMadeContract("Shop");
const TOKEN = new HandMadeContract("Token");
const USERS = ["u1", "u2", "u3", "u4"];

interface Extra extends Partial<HandMadeTransaction> {
  readonly argument?: string;
}

function call(
  fn: string,
  from: string,
  touches: readonly Touch[],
  { argument = "", ...extra }: Extra = {},
): HandMadeTransaction {
  return {
    from,
    gas: 10,
    call: { contract: SHOP, fn: `${fn}()`, touches, argument },
    ...extra,
  };
}

function findingsOf(transactions: readonly HandMadeTransaction[]): Finding[] {
  const workload = collectWorkload(handMadeLog([{ transactions }]));
  const names = ["buy()", "read()", "set()", "mint()", "transfer()"];
  const analysis = analyseRun(workload, handMadeNaming([SHOP, TOKEN], names), {
    window: "mined",
    lanes: 8,
    gasMode: "total",
    maxFixes: 5,
  });
  const findings = detect(analysis, workload);
  findings.forEach(expectComplete);
  return findings;
}

/** What the user is told, whichever detector speaks; so each is asked by the run that triggers it. */
function expectComplete(finding: Finding): void {
  const { id, message, remedy, caution, label, confidence, criticalPathWithout } = finding;
  for (const text of [message, remedy, caution]) {
    expect(text.trim(), id).to.match(/\S \S/);
  }
  expect(label, id).to.be.oneOf(["inherent", "fixable", "infra"]);
  expect(confidence, id).to.be.oneOf(["high", "medium"]);
  expect(criticalPathWithout, id).to.satisfy((gas: unknown) => gas === null || Number(gas) > 0);
  expect(new Set(finding.freeOn).size, id).to.equal(finding.freeOn.length);
  expect(finding.transactions, id).to.be.greaterThan(0);
  if (finding.group !== null) {
    expect(finding.functions, id).to.not.deep.equal([]);
  }
}

const idsOf = (transactions: readonly HandMadeTransaction[]): string[] =>
  findingsOf(transactions).map(({ id }) => id);

/** Four users; `make` gets the number of the call, from 0. */
function four(make: (user: string, i: number) => HandMadeTransaction): HandMadeTransaction[] {
  return USERS.map(make);
}

function hashed(
  hash: bigint | number,
  ...words: (bigint | number)[]
): {
  hash: Hex;
  preimage: Hex;
} {
  return { hash: `0x${word(hash)}`, preimage: `0x${words.map(word).join("")}` };
}

describe("detectors", () => {
  it("D1: a total that is only added to; not one that is once overwritten", () => {
    const total = SHOP.slot("totalVolume");
    const add = four((user, i) =>
      call("buy", user, [updates(total, BigInt(7 * i), BigInt(7 * i + 7))], { argument: word(7) }),
    );
    const [finding, ...others] = findingsOf(add);
    expect(others).to.deep.equal([]);
    expect(finding).to.include({
      id: "D1",
      transactions: 4,
      message: "Shop.totalVolume is written by 4 transactions and only ever added to",
      criticalPathWithout: 10,
      confidence: "high",
      label: "fixable",
    });
    expect(finding?.freeOn).to.deep.equal(["deltaAware", "accessList"]);
    expect(idsOf([...add, call("buy", "u5", [updates(total, 28n, 5n)])])).to.deep.equal([]);
    // two transactions may be chance
    expect(idsOf(add.slice(0, 2))).to.deep.equal([]);
  });

  it("D2: a counter that is handed out; not one that is only counted", () => {
    const next = SHOP.slot("nextOrderId");
    const handedOut = four((user, i) =>
      call("buy", user, [updates(next, BigInt(i + 5), BigInt(i + 6))], {
        preimages: [hashed(1000 + i, i + 5, 77)],
      }),
    );
    expect(findingsOf(handedOut)[0]).to.include({
      id: "D2",
      message: "Shop.nextOrderId hands out the numbers of 4 transactions one after the other",
    });
    const counted = handedOut.map(({ preimages, ...rest }) => rest);
    expect(idsOf(counted)).to.deep.equal(["D1"]);
  });

  it("D3: pushes to one array; not a length that is set", () => {
    const length = SHOP.slot("orders.length");
    expect(
      idsOf(four((user, i) => call("buy", user, [updates(length, BigInt(i), BigInt(i + 1))]))),
    ).to.deep.equal(["D3"]);
    expect(
      idsOf(four((user, i) => call("buy", user, [updates(length, BigInt(9 - i), BigInt(8 - i))]))),
    ).to.not.include("D3");
  });

  it("D4: a call that pays five users; not one that pays two", () => {
    const pay = (...users: string[]): HandMadeTransaction =>
      call(
        "buy",
        "owner",
        users.map((user) => updates(SHOP.slot("owed", user))),
      );
    const [finding] = findingsOf([pay("a", "b", "c", "d", "e")]);
    expect(finding).to.include({ id: "D4", transactions: 1, confidence: "high" });
    expect(finding?.message).to.contain("buy touches up to 5 entries of Shop.owed[*]");
    expect(idsOf([pay("a", "b")])).to.deep.equal([]);
    const send = (count: number): HandMadeTransaction =>
      call(
        "buy",
        "owner",
        Array.from({ length: count }, (_, i) =>
          writes({ kind: "balance", address: account(`payee ${i}`) }),
        ),
      );
    expect(idsOf([send(5)])).to.deep.equal(["D4"]);
    expect(idsOf([send(4)])).to.deep.equal([]);
  });

  it("D5: different members of a packed slot; not the same member", () => {
    const packed = SHOP.packed({ paused: 1, lastUpdate: 8 });
    const at = (paused: number, last: number): bigint => BigInt(paused) + (BigInt(last) << 8n);
    const apart = [
      call("set", "u1", [updates(packed, at(0, 9), at(1, 9))]),
      call("buy", "u2", [updates(packed, at(1, 9), at(1, 5))]),
      call("buy", "u3", [updates(packed, at(1, 5), at(1, 8))]),
    ];
    expect(findingsOf(apart)[0]?.message).to.contain("Shop.paused, lastUpdate share a slot");
    expect(idsOf(apart)).to.deep.equal(["D5"]);
    expect(
      idsOf(
        apart.map((_, i) =>
          call("buy", `u${i}`, [
            updates(packed, at(1, [9, 5, 8][i] ?? 0), at(1, [5, 8, 2][i] ?? 0)),
          ]),
        ),
      ),
    ).to.deep.equal([]);
  });

  it("D6: a lock that is put back; not a flag that stays changed once", () => {
    const lock = SHOP.slot("unlocked");
    const guarded = four((user) => call("buy", user, [updates(lock, 1n, 1n)]));
    const [finding] = findingsOf(guarded);
    expect(finding?.id).to.equal("D6");
    expect(finding?.freeOn).to.deep.equal(["value", "accessList"]);
    expect(idsOf([...guarded, call("buy", "u5", [updates(lock, 1n, 2n)])])).to.deep.equal([]);
    // what only a constructor wrote is no lock
    const owner = SHOP.slot("owner");
    const created = ["m1", "m2", "m3"].map((user) => ({
      ...call("buy", user, [reads(owner)]),
      call: {
        contract: TOKEN,
        fn: "mint()",
        calls: [{ contract: SHOP, fn: "constructor", touches: [updates(owner, 0n, 7n)] }],
      },
    }));
    expect(idsOf(created)).to.not.include("D6");
  });

  it("D7: one writer and readers; not where readers write too", () => {
    const price = SHOP.slot("price");
    const update = call("set", "keeper", [updates(price, 1n, 2n)]);
    const [finding] = findingsOf([update, ...four((user) => call("buy", user, [reads(price)]))]);
    expect(finding).to.include({ id: "D7", transactions: 5 });
    expect(finding?.message).to.contain("read by 4 transactions and written by 1");
    expect(
      idsOf([update, ...four((user) => call("buy", user, [updates(price, 2n, 3n)]))]),
    ).to.deep.equal([]);
    // a value that is set once, where the contract is set up, is no update
    const first = call("set", "keeper", [updates(price, 0n, 2n)]);
    expect(idsOf([first, ...four((user) => call("buy", user, [reads(price)]))])).to.deep.equal([]);
  });

  it("D8: ether sent on to one wallet; not kept in the contract, not sent to many", () => {
    const pay = (to: (user: string) => Location) =>
      four((user) => call("buy", user, [writes(to(user))], { value: 5n }));
    const wallet = { kind: "balance", address: account("wallet") } as const;
    const [finding] = findingsOf(pay(() => wallet));
    expect(finding).to.include({ id: "D8", transactions: 4, criticalPathWithout: null });
    expect(idsOf(pay(() => ({ kind: "balance", address: SHOP.address })))).to.deep.equal([]);
    expect(
      idsOf(pay((user) => ({ kind: "balance", address: account(`wallet of ${user}`) }))),
    ).to.deep.equal([]);
  });

  it("D9: the token balance of a contract; not that of a user", () => {
    const entry = (owner: Hex, i: number): Touch => {
      // the key is the account, as in balances[owner]
      const location = TOKEN.keyed("balances", owner);
      return updates(location, BigInt(i * i), BigInt((i + 1) * (i + 1)));
    };
    const [finding] = findingsOf(four((user, i) => call("buy", user, [entry(SHOP.address, i)])));
    expect(finding).to.include({ id: "D9", transactions: 4 });
    expect(finding?.message).to.contain(
      "change the token balance of one contract, Token.balances[",
    );
    expect(idsOf(four((user, i) => call("buy", user, [entry(account("whale"), i)])))).to.deep.equal(
      [],
    );
  });

  it("D10: the supply changed by each mint; not one that is only read", () => {
    const supply = SHOP.slot("totalSupply");
    const mints = four((user, i) =>
      call("mint", user, [updates(supply, BigInt(9 * i), BigInt(9 * i + 9))], {
        argument: word(9),
      }),
    );
    expect(findingsOf(mints)[0]).to.include({ id: "D10", confidence: "high" });
    const once = [
      call("mint", "u0", [updates(supply, 3n, 9n)]),
      ...four((user) => call("read", user, [reads(supply)])),
    ];
    expect(idsOf(once)).to.deep.equal(["D7"]);
  });

  it("D11: transfers that read the index of mints; not where only mints use it", () => {
    const index = SHOP.slot("_currentIndex");
    const mints = [
      call("mint", "m1", [updates(index, 3n, 5n)]),
      call("mint", "m2", [updates(index, 5n, 6n)]),
    ];
    const transfers = four((user) => call("transfer", user, [reads(index)]));
    expect(findingsOf([...mints, ...transfers])[0]).to.include({
      id: "D11",
      transactions: 6,
      confidence: "medium",
    });
    expect(idsOf([...mints, call("mint", "m3", [updates(index, 6n, 9n)])])).to.not.include("D11");
  });

  it("D12: reserves that are overwritten, said to be inherent; not another overwritten variable", () => {
    const swap = (variable: string): HandMadeTransaction[] =>
      four((user, i) =>
        call("buy", user, [
          updates(SHOP.slot(variable), BigInt(100 - i * i), BigInt(100 - (i + 1) ** 2)),
        ]),
      );
    expect(findingsOf(swap("reserve0"))[0]).to.include({ id: "D12", label: "inherent" });
    expect(idsOf(swap("highestBid"))).to.deep.equal([]);
  });

  it("D13: a time and an index brought up to date by each call; not a time alone", () => {
    // each block has its own time, as the log's blocks do: 1_700_000_000 + number of the block
    const run = (withIndex: boolean): string[] => {
      const blocks = USERS.map((user, i) => ({
        transactions: [
          call("buy", user, [
            updates(
              SHOP.slot("accrualTime"),
              BigInt(1_700_000_000 + i - 1),
              BigInt(1_700_000_000 + i),
            ),
            ...(withIndex
              ? [
                  updates(
                    SHOP.slot("borrowIndex"),
                    BigInt(1000 + i ** 2),
                    BigInt(1000 + (i + 1) ** 2),
                  ),
                ]
              : []),
          ]),
        ],
      }));
      const workload = collectWorkload(handMadeLog(blocks));
      const analysis = analyseRun(workload, handMadeNaming([SHOP], ["buy()"]), {
        window: 64,
        lanes: 8,
        gasMode: "total",
        maxFixes: 5,
      });
      return detect(analysis, workload).map(({ id }) => id);
    };
    expect(run(true)).to.include("D13");
    expect(run(false)).to.not.include("D13");
  });

  it("D14: a hash over the last hash; not a hash of something else", () => {
    const acc = SHOP.slot("inboxAcc");
    const hashOf = (i: number): bigint => BigInt(`0x${"ab".repeat(30)}`) + BigInt(i) ** 3n;
    const chain = (over: (i: number) => bigint): HandMadeTransaction[] =>
      four((user, i) =>
        call("buy", user, [updates(acc, hashOf(i), hashOf(i + 1))], {
          preimages: [hashed(hashOf(i + 1), over(i), 42 + i)],
        }),
      );
    expect(findingsOf(chain(hashOf))[0]).to.include({ id: "D14", label: "inherent" });
    expect(idsOf(chain(() => 5n))).to.deep.equal([]);
  });

  it("D14: elements that are hashes over the last element; not over another variable", () => {
    const hashOf = (i: number): bigint => BigInt(`0x${"cd".repeat(30)}`) + BigInt(i) ** 3n;
    const element = (i: number) => SHOP.slot("accs", `${i}`);
    const found = (at: Location, value: bigint): Touch => ({
      ...updates(at, value, value),
      write: false,
    });
    const push = (over: (i: number) => bigint): HandMadeTransaction[] =>
      four((user, i) =>
        call(
          "buy",
          user,
          [
            found(element(i), hashOf(i)),
            found(SHOP.slot("seed"), 77n),
            updates(element(i + 1), 0n, hashOf(i + 1)),
          ],
          { preimages: [hashed(hashOf(i + 1), over(i), 42 + i)] },
        ),
      );
    const finding = findingsOf(push(hashOf)).find(({ id }) => id === "D14");
    // the first goes on from before the run
    expect(finding).to.include({ label: "inherent", transactions: 3 });
    expect(finding?.message).to.match(/accs\[\*\] is a hash over its own last value/);
    expect(idsOf(push(() => 77n))).to.not.include("D14");
    // a chain of each user's own, read by one who looks at all
    const own = (user: string) => SHOP.slot("queue", user);
    const queues = four((user, i) =>
      call("buy", user, [updates(own(user), hashOf(i), hashOf(i + 1))], {
        preimages: [hashed(hashOf(i + 1), hashOf(i), 42)],
      }),
    );
    const look = call(
      "read",
      "u5",
      USERS.map((user) => reads(own(user))),
    );
    expect(idsOf([...queues, look])).to.not.include("D14");
  });

  it("D15: a set that grows and shrinks, the head of a list; not an array that only grows", () => {
    const length = SHOP.slot("_allTokens.length");
    const set = (sizes: readonly number[]): string[] =>
      idsOf(
        sizes
          .slice(1)
          .map((size, i) =>
            call("buy", `u${i}`, [updates(length, BigInt(sizes[i] ?? 0), BigInt(size))]),
          ),
      );
    expect(set([4, 5, 6, 5, 6])).to.deep.equal(["D15"]);
    expect(set([4, 5, 6, 7, 8])).to.deep.equal(["D3"]);
    const head = (linked: boolean): string[] =>
      idsOf(
        four((user, i) => {
          const [old, now] = [BigInt(1000 + 37 * i ** 2), BigInt(1000 + 37 * (i + 1) ** 2)];
          return call(
            "buy",
            user,
            [
              updates(SHOP.slot("head"), old, now),
              updates(SHOP.slot("next", user), 0n, linked ? old : 1n),
            ],
            { preimages: [hashed(5000 + i, now, 3)] },
          );
        }),
      );
    expect(head(true)).to.deep.equal(["D15"]);
    expect(head(false)).to.deep.equal([]);
  });

  it("D16: one account that sends everything; not ten accounts", () => {
    const many = (sender: (i: number) => string): HandMadeTransaction[] =>
      Array.from({ length: 10 }, (_, i) => call("read", sender(i), [reads(SHOP.slot("price"))]));
    const [finding] = findingsOf(many(() => "relayer"));
    expect(finding).to.include({ id: "D16", transactions: 10, label: "infra" });
    expect(idsOf(many((i) => `user ${i}`))).to.deep.equal([]);
    expect(idsOf(many((i) => (i < 5 ? "relayer" : `user ${i}`)))).to.deep.equal([]);
  });

  it("a run without conflicts has no findings, and a run's findings are most gain first", () => {
    expect(
      idsOf(four((user) => call("buy", user, [updates(SHOP.slot("owed", user))]))),
    ).to.deep.equal([]);
    // total: four in a row; lock: three in a row
    const total = SHOP.slot("total");
    const lock = SHOP.slot("lock");
    const run = [
      ...four((user, i) => call("buy", user, [updates(total, BigInt(i), BigInt(i + 1))])),
      ...["v1", "v2", "v3"].map((user) => call("set", user, [updates(lock, 1n, 1n)])),
    ];
    expect(idsOf(run)).to.deep.equal(["D1", "D6"]);
  });
});
