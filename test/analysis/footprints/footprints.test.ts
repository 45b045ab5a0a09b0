/** The examples of docs/metrics.md, "Footprint" to "Verdict from the footprint". */
import { expect } from "chai";
import { callConflict, conflictText } from "../../../src/analysis/footprints/call-conflict";
import type { Footprint } from "../../../src/analysis/footprints/footprint";
import { footprintText } from "../../../src/analysis/footprints/footprint-text";
import { footprintVerdict } from "../../../src/analysis/footprints/footprint-verdict";
import { MAX_CALLS, observeCalls } from "../../../src/analysis/footprints/observed-calls";
import { args, modelsOf, type Packing } from "../../helpers/footprint-log";
import {
  account,
  HandMadeContract,
  type HandMadeTransaction,
  handMadeLog,
  oneByOne,
  reads,
  type Touch,
  updates,
} from "../../helpers/hand-made-log";

const TRANSFER = "transfer(address to,uint256 amount)";

function call(
  contract: HandMadeContract,
  fn: string,
  from: string,
  argument: string,
  touches: readonly Touch[],
  value = 0n,
): HandMadeTransaction {
  return { from, gas: 100, value, call: { contract, fn, argument, touches } };
}

function footprintOf(
  contract: HandMadeContract,
  fn: string,
  transactions: readonly HandMadeTransaction[],
  packed: Packing = {},
): Footprint {
  const [model] = modelsOf(contract, [fn], transactions, packed);
  if (model === undefined) {
    throw new Error("no model");
  }
  return model.footprint;
}

describe("footprints (docs/metrics.md)", () => {
  const TOKEN = new HandMadeContract("Token");
  /** balances before: all hold 100 more than their place in the alphabet, so that they differ. */
  const holds = (name: string): bigint => 100n + BigInt(name.charCodeAt(0));
  const transfer = (from: string, to: string, amount: bigint): HandMadeTransaction =>
    call(TOKEN, "transfer(address,uint256)", from, args(to, amount), [
      updates(TOKEN.slot("balances", from), holds(from), holds(from) - amount),
      updates(TOKEN.slot("balances", to), holds(to), holds(to) + amount),
    ]);

  it("transfer touches its sender's and its receiver's balance", () => {
    const footprint = footprintOf(TOKEN, TRANSFER, [
      transfer("alice", "bob", 5n),
      transfer("carol", "dave", 6n),
      transfer("bob", "erin", 7n),
    ]);
    expect(footprintText(footprint)).to.equal("transfer: balances[msg.sender] rw, balances[to] rw");
    expect(footprint.accesses.map(({ keys }) => keys.map(({ status }) => status))).to.deep.equal([
      ["agreed"],
      ["agreed"],
    ]);
    expect(footprint.accesses.map(({ form }) => [form?.class, form?.text])).to.deep.equal([
      ["delta", "- amount"],
      ["delta", "+ amount"],
    ]);
  });

  it("one observation is called so", () => {
    const footprint = footprintOf(TOKEN, TRANSFER, [transfer("alice", "bob", 5n)]);
    expect(footprint.accesses.map(({ keys }) => keys[0]?.status)).to.deep.equal([
      "observedOnce",
      "observedOnce",
    ]);
    expect(footprintText(footprint)).to.match(
      /^transfer: balances\[msg\.sender \| .* rw \(observed once\)/,
    );
  });

  it("what no observation tells apart is listed", () => {
    const footprint = footprintOf(TOKEN, TRANSFER, [
      transfer("alice", "bob", 5n),
      transfer("alice", "carol", 6n),
    ]);
    const [sender, to] = footprint.accesses.map(({ keys }) => keys[0]);
    expect(sender?.status).to.equal("ambiguous");
    expect(sender?.candidates.map(({ kind }) => kind)).to.deep.equal(["sender", "constant"]);
    expect(to?.status).to.equal("agreed");
    expect(to?.candidates).to.deep.equal([{ kind: "argument", name: "to" }]);
  });

  it("of a function whose every call failed nothing follows", () => {
    const failed = transfer("alice", "bob", 5n);
    const footprint = footprintOf(TOKEN, TRANSFER, [
      {
        ...failed,
        failed: true,
        call: { contract: TOKEN, fn: "transfer(address,uint256)", success: false },
      },
    ]);
    expect(footprintText(footprint)).to.equal("transfer: nothing (every call failed)");
    expect(footprintVerdict(footprint).kind).to.equal("unknown");
  });

  it("an access of some calls is called so, and a transfer to oneself is no other access", () => {
    const text = footprintText(
      footprintOf(TOKEN, TRANSFER, [
        transfer("alice", "bob", 5n),
        transfer("carol", "dave", 6n),
        call(TOKEN, "transfer(address,uint256)", "erin", args("erin", 1), [
          reads(TOKEN.slot("balances", "erin")),
          reads(TOKEN.slot("paused")),
        ]),
      ]),
    );
    expect(text).to.equal(
      "transfer: balances[msg.sender] rw (writes in some calls), balances[to] rw (writes in some calls), paused r (some calls)",
    );
  });

  describe("a counter that gives ids", () => {
    const BOOK = new HandMadeContract("Book");
    const PLACE = "place(uint256 price)";
    const place = (from: string, id: bigint, price: bigint): HandMadeTransaction =>
      call(BOOK, "place(uint256)", from, args(price), [
        updates(BOOK.slot("nextId"), id, id + 1n),
        updates(BOOK.slot("orders", id.toString()), 0n, price),
      ]);
    const footprint = footprintOf(BOOK, PLACE, [place("alice", 7n, 3n), place("bob", 8n, 4n)]);

    it("the key is the value found in the variable, and each call gets another one", () => {
      expect(footprintText(footprint)).to.equal("place: nextId rw (every call), orders[nextId] rw");
      expect(footprint.accesses[0]?.form).to.deep.equal({
        class: "delta",
        text: "+ 1",
        independent: true,
        counter: true,
      });
    });

    it("is serial and can be fixed: only nextId conflicts", () => {
      const verdict = footprintVerdict(footprint);
      expect(verdict.kind).to.equal("serialFixable");
      expect(verdict.on.map(conflictText)).to.deep.equal(["nextId"]);
    });
  });

  describe("write classes", () => {
    const BOX = new HandMadeContract("Box");
    const SET = "set(uint256 x)";
    /** What a run of writes to one variable is taken for. */
    function formOf(
      changes: readonly (readonly [before: bigint, after: bigint])[],
      variable = "v",
    ) {
      const transactions = changes.map(([before, after], index) =>
        call(
          BOX,
          "set(uint256)",
          ["alice", "bob", "carol"][index] ?? "dave",
          args(10n + BigInt(index)),
          [updates(BOX.slot(variable), before, after)],
        ),
      );
      const form = footprintOf(BOX, SET, transactions).accesses[0]?.form;
      return form === null || form === undefined ? null : [form.class, form.text, form.independent];
    }

    it("silent: the old value is put back", () => {
      expect(
        formOf([
          [1n, 1n],
          [1n, 1n],
        ]),
      ).to.deep.equal(["silent", null, true]);
    });
    it("delta: an argument is added to different values (x is 10, then 11)", () => {
      expect(
        formOf([
          [100n, 110n],
          [200n, 211n],
        ]),
      ).to.deep.equal(["delta", "+ x", true]);
    });
    it("overwrite that does not follow from the old value: it becomes the argument", () => {
      expect(
        formOf([
          [100n, 10n],
          [200n, 11n],
        ]),
      ).to.deep.equal(["overwrite", "= x", true]);
    });
    it("overwrite that may follow from the old value: nothing else explains it", () => {
      expect(
        formOf([
          [100n, 777n],
          [200n, 901n],
        ]),
      ).to.deep.equal(["overwrite", null, false]);
    });
    it("undetermined: from zero, adding and setting look the same", () => {
      expect(
        formOf([
          [0n, 10n],
          [0n, 11n],
        ]),
      ).to.deep.equal(["undetermined", null, false]);
    });
    it("append: an array's length grows by one", () => {
      expect(
        formOf(
          [
            [4n, 5n],
            [5n, 6n],
          ],
          "list.length",
        ),
      ).to.deep.equal(["append", "+ 1", true]);
    });
  });

  describe("two calls by different users", () => {
    const SHOP = new HandMadeContract("Shop");
    const FUNCTIONS = [
      "buy(address to)",
      "gift(address to)",
      "price(uint256 p)",
      "look()",
      "guarded()",
      "stamp(uint256 t)",
      "halt(uint256 h)",
    ];
    const PACKED: Packing = {
      flags: [
        ["halted", 0, 1],
        ["stamped", 1, 8],
      ],
    };
    const users = ["alice", "bob", "carol", "dave"];
    const touchesOf: Readonly<Record<string, (user: string, to: string, i: number) => Touch[]>> = {
      "buy(address)": (user, to) => [
        reads(SHOP.slot("price")),
        updates(SHOP.slot("owned", user)),
        updates(SHOP.slot("credit", to)),
      ],
      "gift(address)": (_, to) => [updates(SHOP.slot("owned", to))],
      "price(uint256)": (_, __, i) => [updates(SHOP.slot("price"), BigInt(7 * i), BigInt(100 + i))],
      "look()": () => [reads(SHOP.slot("price"))],
      "guarded()": () => [updates(SHOP.slot("lock"), 1n, 1n)],
      "stamp(uint256)": (_, __, i) => [
        updates(SHOP.slot("flags"), BigInt(7 * i) << 8n, BigInt(100 + i) << 8n),
      ],
      "halt(uint256)": (_, __, i) => [updates(SHOP.slot("flags"), 0n, i % 2 === 0 ? 1n : 0n)],
    };
    const transactions = Object.entries(touchesOf).flatMap(([fn, touches]) =>
      users.map((user, i) => {
        const to = `receiver${i} of ${fn}`;
        const argument = fn.includes("address")
          ? args(to)
          : fn.includes("uint")
            ? args(100 + i)
            : "";
        return call(SHOP, fn, user, argument, touches(user, to, i));
      }),
    );
    const models = modelsOf(SHOP, FUNCTIONS, transactions, PACKED);
    function between(first: string, second: string): string {
      const find = (name: string): Footprint => {
        const model = models.find(({ footprint }) => footprint.signature.startsWith(`${name}(`));
        if (model === undefined) {
          throw new Error(`no function ${name}`);
        }
        return model.footprint;
      };
      const { relation, conflicts } = callConflict(find(first), find(second));
      return [relation, ...conflicts.map((one) => `${one.cause} ${conflictText(one)}`)].join("; ");
    }

    it("KEYED: equal receivers; SENDER: the same user, which does not count", () => {
      expect(between("buy", "buy")).to.equal(
        "keyDependent; SENDER owned[*] if same msg.sender; KEYED credit[*] if to = to",
      );
    });
    it("KEYED: the sender of one is the receiver of the other", () => {
      expect(between("buy", "gift")).to.equal("keyDependent; KEYED owned[*] if msg.sender = to");
    });
    it("READ_HOT: one reads what the other always writes", () => {
      expect(between("buy", "price")).to.equal("always; READ_HOT price");
    });
    it("STRUCTURAL: both write it in every call", () => {
      expect(between("price", "price")).to.equal("always; STRUCTURAL price");
    });
    it("two readers never conflict", () => {
      expect(between("look", "look")).to.equal("never");
    });
    it("GUARD: all writes put the old value back", () => {
      expect(between("guarded", "guarded")).to.equal("always; GUARD lock");
    });
    it("FALSE_SHARING: they change different members of one slot", () => {
      expect(between("stamp", "halt")).to.equal("always; FALSE_SHARING flags");
    });
    it("verdicts follow", () => {
      const verdicts = Object.fromEntries(
        models.map(({ footprint }) => [
          footprint.signature.split("(")[0],
          footprintVerdict(footprint).kind,
        ]),
      );
      expect(verdicts).to.deep.equal({
        buy: "keyBound",
        gift: "keyBound",
        price: "serialFixable", // it becomes the argument
        look: "parallel",
        guarded: "serialFixable",
        stamp: "serialFixable", // the member becomes the argument
        halt: "serial", // 0 to 1 twice: adding and setting look the same
      });
    });
  });

  it("a loop over an array argument is one access: every element of it", () => {
    const drop = (from: string, ...to: string[]): HandMadeTransaction =>
      call(
        TOKEN,
        "drop(address[])",
        from,
        args(32, to.length, ...to),
        to.map((one) => updates(TOKEN.slot("balances", one))),
      );
    const footprint = footprintOf(TOKEN, "drop(address[] to)", [
      drop("alice", "bob", "carol", "dave"),
      drop("erin", "frank", "gina"),
    ]);
    expect(footprintText(footprint)).to.equal("drop: balances[to[*]] rw");
  });

  it("a value that the call itself wrote into a variable is no other source of it", () => {
    const bid = (from: string): HandMadeTransaction =>
      call(TOKEN, "drop(address[])", from, args(32, 0), [
        updates(TOKEN.slot("leader"), 0n, BigInt(account(from))),
        updates(TOKEN.slot("bids", from)),
      ]);
    const footprint = footprintOf(TOKEN, "drop(address[] to)", [bid("alice"), bid("bob")]);
    expect(footprintText(footprint)).to.equal("drop: leader rw (every call), bids[msg.sender] rw");
  });

  it("calldata that the ABI does not describe leaves keys unknown, and says so", () => {
    const cut = (from: string, to: string): HandMadeTransaction =>
      call(TOKEN, "transfer(address,uint256)", from, args(to), [
        updates(TOKEN.slot("balances", to)),
      ]);
    const footprint = footprintOf(TOKEN, TRANSFER, [cut("alice", "bob"), cut("carol", "dave")]);
    expect(footprint.undecoded).to.equal(2);
    expect(footprintText(footprint)).to.equal("transfer: balances[?] rw");
  });

  it("the same calls give the same footprints", () => {
    const calls = [transfer("alice", "bob", 5n), transfer("carol", "dave", 6n)];
    const texts = () => JSON.stringify(footprintOf(TOKEN, TRANSFER, calls));
    expect(texts()).to.equal(texts());
  });

  it("of a function called often a spread sample is kept, and all calls are counted", () => {
    const calls = 3 * MAX_CALLS;
    const observed = observeCalls(
      handMadeLog(
        oneByOne(
          Array.from({ length: calls }, (_, i) =>
            call(TOKEN, "transfer(address,uint256)", `u${i}`, args(`v${i}`, 1), []),
          ),
        ),
      ),
    );
    const [kept] = observed.functions();
    const positions = kept?.sample.map(({ transaction }) => transaction.position) ?? [];
    expect(kept?.calls).to.equal(calls);
    // 256 fill up at stride 1, are halved twice: every 4th call of 768
    expect(positions).to.deep.equal(Array.from({ length: calls / 4 }, (_, i) => 4 * i));
    expect(observed.direct).to.have.length(calls);
  });
});
