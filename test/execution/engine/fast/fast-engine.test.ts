import { createHash } from "node:crypto";
import { expect } from "chai";
import { keccak256Hex } from "../../../../src/crypto/keccak256";
import { BlockOverlay } from "../../../../src/execution/block-overlay";
import { EthereumjsEngine } from "../../../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../../../src/execution/engine/fast/fast-engine";
import { IncarnationView } from "../../../../src/execution/incarnation-view";
import { ReadBlocked } from "../../../../src/execution/location-reader";
import type { BlockEnvironment } from "../../../../src/execution/transaction";
import {
  executeTransaction,
  type TransactionExecution,
} from "../../../../src/execution/transaction-processing";
import { bigIntToBytes32, bigIntToHex32, bytesToHex } from "../../../../src/state/bytes";
import type { Address, Hash } from "../../../../src/state/hex";
import { assemble, deploying, RETURN_TOP } from "../../../helpers/assembler";
import { differenceOf, expectSameOutcomes, runOn } from "../../../helpers/engine-pair";
import { environment, transaction } from "../../../helpers/environment";
import { type AccountDescription, MapState } from "../../../helpers/map-state";
import { messageOf } from "../../../helpers/message";

const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const OTHER: Address = "0xc0de000000000000000000000000000000000002";
const RELAY: Address = "0xc0de000000000000000000000000000000000003";
const ABSENT: Address = "0xab50000000000000000000000000000000000002";
const HUGE = `0x${"ff".repeat(32)}`;

const reference = new EthereumjsEngine();

const TIERS = [
  "interpreter",
  "javascript",
  "webassembly",
  "hasty",
  "hasty-webassembly",
  "climbing",
] as const;

/** The transaction on both engines and each tier, which must agree. */
async function onBoth(
  hardfork: string,
  code: Uint8Array,
  options: {
    readonly gas?: bigint;
    readonly others?: Readonly<Record<Address, AccountDescription>>;
    readonly creates?: boolean;
    readonly account?: AccountDescription;
    readonly block?: BlockEnvironment;
  } = {},
): Promise<Extract<TransactionExecution, { ok: true }>["outcome"]> {
  const engines = TIERS.map((tier) => ({ tier, engine: createFastEngine(reference, tier) }));
  const execution = await expectSameOutcomes(reference, engines, {
    state: new MapState({
      [SENDER]: { balance: 10n ** 18n },
      [CONTRACT]: { nonce: 1n, code, ...options.account },
      ...options.others,
    }),
    transaction: transaction(SENDER, {
      to: options.creates === true ? null : CONTRACT,
      data: options.creates === true ? code : new Uint8Array(0),
      gasLimit: options.gas ?? 1_000_000n,
    }),
    environment: options.block ?? environment(hardfork),
    trace: true,
  });
  for (const { tier, engine } of engines) {
    expect([...engine.fallbacks], `${tier}: ran on the fast engine`).to.deep.equal([]);
  }
  if (!execution.ok) {
    throw new Error("the transaction is invalid");
  }
  return execution.outcome;
}

describe("fast engine", () => {
  describe("deep chains of calls", () => {
    // calls itself with all the gas that the fork lets it give: 40 gas a call before EIP-150
    const recursive = assemble(
      `0x0 0x0 0x0 0x0 0x0 ${CONTRACT} 0x3e8 GAS SUB CALL 0x1 SLOAD 0x1 ADD 0x1 SSTORE`,
    );

    it("1024 frames fit, the 1025th call fails, whatever this thread's stack (homestead)", async () => {
      const { trace, status } = await onBoth("homestead", recursive, { gas: 25_000_000n });
      expect(status).to.equal(1);
      expect(Math.max(...trace.frames.map(({ depth }) => depth))).to.equal(1024);
    });

    it("delegate calls and creations nest as well", async () => {
      const delegating = assemble(`0x0 0x0 0x0 0x0 ${CONTRACT} 0x3e8 GAS SUB DELEGATECALL`);
      const { trace } = await onBoth("homestead", delegating, { gas: 25_000_000n });
      expect(Math.max(...trace.frames.map(({ depth }) => depth))).to.equal(1024);
    });

    it("from EIP-150 on the 64th that is kept ends the chain", async () => {
      await onBoth("cancun", recursive, { gas: 20_000_000n });
    });
  });

  describe("edges of rules", () => {
    const word = ({ returnData }: { readonly returnData: Uint8Array }): bigint =>
      BigInt(bytesToHex(returnData));

    const changesState: Readonly<Record<string, string>> = {
      SSTORE: "0x1 0x1 SSTORE",
      TSTORE: "0x1 0x1 TSTORE",
      LOG0: "0x0 0x0 LOG0",
      LOG1: "0x1 0x0 0x0 LOG1",
      CREATE: "0x0 0x0 0x0 CREATE",
      CREATE2: "0x0 0x0 0x0 0x0 CREATE2",
      "CALL with value": `0x0 0x0 0x0 0x0 0x1 ${ABSENT} GAS CALL`,
      SELFDESTRUCT: `${ABSENT} SELFDESTRUCT`,
    };
    for (const [name, change] of Object.entries(changesState)) {
      it(`${name} fails its frame in a static call, and in calls from there, and in no other`, async () => {
        const callees = {
          [OTHER]: { balance: 5n, code: assemble(`${change} STOP`) },
          // calls OTHER and passes on whether it succeeded
          [RELAY]: { code: assemble(`0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL ${RETURN_TOP}`) },
        };
        const asked = async (code: string) =>
          word(await onBoth("cancun", assemble(`${code} ${RETURN_TOP}`), { others: callees }));
        expect(await asked(`0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL`)).to.equal(1n);
        expect(await asked(`0x0 0x0 0x0 0x0 ${OTHER} GAS STATICCALL`)).to.equal(0n);
        const relayed = `0x20 0x0 0x0 0x0 ${RELAY} GAS STATICCALL POP 0x0 MLOAD`;
        expect(await asked(relayed)).to.equal(0n);
      });
    }

    it("BLOCKHASH reaches 256 blocks back", async () => {
      const hash = (number: bigint): Hash => bigIntToHex32(number * 3n);
      const numbers = [742n, 743n, 744n, 745n, 999n, 1000n, 1001n];
      const block = environment("cancun", {
        number: 1000n,
        blockHashes: new Map(numbers.map((number) => [number, hash(number)])),
      });
      for (const number of numbers) {
        const code = assemble(`0x${number.toString(16)} BLOCKHASH ${RETURN_TOP}`);
        const outcome = await onBoth("cancun", code, { block });
        const isInReach = number >= 744n && number < 1000n;
        expect(word(outcome), `${number}`).to.equal(isInReach ? number * 3n : 0n);
      }
    });

    for (const name of ["CREATE", "CREATE2"]) {
      it(`${name} takes init code of 49,152 bytes, and no more (EIP-3860)`, async () => {
        for (const [length, status] of [
          [49_152, 1],
          [49_153, 0],
        ] as const) {
          const size = `0x${length.toString(16)}`;
          const code = name === "CREATE" ? `${size} 0x0 0x0 CREATE` : `0x0 ${size} 0x0 0x0 CREATE2`;
          const outcome = await onBoth("cancun", assemble(`${code} STOP`));
          expect(outcome.status, size).to.equal(status);
        }
      });
    }

    it("a contract's code has 24,576 bytes at most (EIP-170)", async () => {
      for (const [length, isCreated] of [
        [24_576, true],
        [24_577, false],
      ] as const) {
        // init code that returns so many zeros: PUSH2, PUSH1 0, RETURN
        const initCode = `61${length.toString(16)}6000f3`;
        const code = `0x${initCode} 0x0 MSTORE 0x6 0x1a 0x0 CREATE ${RETURN_TOP}`;
        const outcome = await onBoth("cancun", assemble(code), { gas: 10_000_000n });
        expect(word(outcome) !== 0n, `${length}`).to.equal(isCreated);
      }
    });

    it("an account with the largest nonce creates nothing (EIP-2681)", async () => {
      for (const [nonce, isCreated] of [
        [2n ** 64n - 2n, true],
        [2n ** 64n - 1n, false],
      ] as const) {
        const code = assemble(`0x0 0x0 0x0 CREATE ${RETURN_TOP}`);
        const outcome = await onBoth("cancun", code, { account: { nonce } });
        expect(word(outcome) !== 0n, `${nonce}`).to.equal(isCreated);
      }
    });

    it("a payment that the recipient's balance cannot hold fails", async () => {
      for (const [balance, succeeds] of [
        [2n ** 256n - 2n, 1n],
        [2n ** 256n - 1n, 0n],
      ] as const) {
        const code = assemble(`0x0 0x0 0x0 0x0 0x1 ${OTHER} GAS CALL ${RETURN_TOP}`);
        const outcome = await onBoth("cancun", code, {
          account: { balance: 1n },
          others: { [OTHER]: { balance } },
        });
        expect(word(outcome), `${balance}`).to.equal(succeeds);
      }
    });
  });

  describe("a read that blocks", () => {
    class Blocking extends BlockOverlay {
      override storage(address: Address, slot: bigint): bigint {
        if (slot === 7n) {
          throw new ReadBlocked(3);
        }
        return super.storage(address, slot);
      }
    }

    it("passes through all frames, and the engine runs the next message as if nothing had been", () => {
      const engine = createFastEngine(reference);
      const code = assemble(`0x5 0x1 SSTORE 0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL STOP`);
      const inner = assemble("0x6 0x1 SSTORE 0x7 SLOAD STOP");
      const accounts = { [CONTRACT]: { code }, [OTHER]: { code: inner } };
      const message = messageOf({ caller: SENDER, to: CONTRACT });
      const blocked = new IncarnationView(new Blocking(new MapState(accounts)), false);
      expect(() => engine.run(message, environment("cancun"), blocked)).to.throw(ReadBlocked);
      expect(blocked.blockedOn).to.equal(3);
      const free = new IncarnationView(new BlockOverlay(new MapState(accounts)), false);
      const result = engine.run(message, environment("cancun"), free);
      expect(result).not.to.have.property("halt");
      expect(free.storage(OTHER, 1n)).to.equal(6n);
    });
  });

  describe("hostile code", () => {
    const costsAllGas: Readonly<Record<string, string>> = {
      "a memory offset of 2^256 - 1": `${HUGE} MLOAD`,
      "a memory range that wraps around 2^256": `${HUGE} 0x20 KECCAK256`,
      "a call whose input reaches beyond any memory": `0x0 0x0 ${HUGE} ${HUGE} 0x0 ${OTHER} GAS CALL`,
      "a call whose output does": `${HUGE} ${HUGE} 0x0 0x0 0x0 ${OTHER} GAS CALL`,
      "a creation from beyond any memory": `0x1 ${HUGE} 0x0 CREATE`,
      "a creation of 2^256 - 1 bytes": `${HUGE} 0x0 0x0 CREATE`,
      "a log of 4 GB": "0xffffffff 0x0 LOG0",
      "a return of 4 GB": "0xffffffff 0x0 RETURN",
      "a revert of 4 GB": "0xffffffff 0x0 REVERT",
      "a copy of code to 2^64": "0x1 0x0 0x10000000000000000 CODECOPY",
      "a jump to 2^256 - 1": `${HUGE} JUMP`,
      "a jump to 2^32 with a JUMPDEST at its low bits": "JUMPDEST 0x100000000 JUMP",
      "a jump past the end": "0xff JUMP",
      "a memory bomb in a loop": "0x20 JUMPDEST DUP1 0x0 SWAP1 MSTORE DUP1 ADD 0x2 JUMP",
    };
    for (const [name, source] of Object.entries(costsAllGas)) {
      it(`${name} costs all gas`, async () => {
        const { status, gasUsed } = await onBoth("cancun", assemble(source));
        expect([status, gasUsed]).to.deep.equal([0, 1_000_000n]);
      });
    }

    it("copies from beyond the end of code, calldata and other accounts' code are zeros", async () => {
      const source = `0x20 ${HUGE} 0x0 CODECOPY ${HUGE} CALLDATALOAD 0x0 MLOAD ADD ${RETURN_TOP}`;
      const { returnData } = await onBoth("cancun", assemble(source));
      expect(BigInt(bytesToHex(returnData))).to.equal(0n);
    });

    it("24,576 bytes of PUSH32 run, and the stack overflows at the 1025th", async () => {
      const { status, halt } = await onBoth("cancun", new Uint8Array(24_576).fill(0x7f));
      expect([status, halt?.kind]).to.deep.equal([1, undefined]); // 745 pushes fit
      const pushes = await onBoth("cancun", new Uint8Array(24_576).fill(0x58));
      expect([pushes.status, pushes.halt?.reason]).to.deep.equal([0, "StackOverflow"]);
    });

    it("code of JUMPDESTs alone, and a table of jumps through all of it", async () => {
      await onBoth("cancun", new Uint8Array(24_576).fill(0x5b));
      // each entry: JUMPDEST, PUSH2 next, JUMP
      const table = new Uint8Array(24_575);
      for (let place = 0; place + 5 <= table.length; place += 5) {
        table.set([0x5b, 0x61, (place + 5) >> 8, (place + 5) & 0xff, 0x56], place);
      }
      const { halt } = await onBoth("cancun", table);
      expect(halt?.reason).to.equal("InvalidJump");
    });

    it("init code larger than the table of pushed words runs before EIP-3860", async () => {
      const large = new Uint8Array(100_000).fill(0x58, 0, 20);
      large.set([0x61, 0x12, 0x34, 0x60, 0x00, 0x52, 0x60, 0x02, 0x60, 0x1e, 0xf3], 90_000);
      large.set([0x62, 0x01, 0x5f, 0x8f, 0x56], 20); // PUSH3 89999, JUMP
      large[89_999] = 0x5b;
      const { status, returnData } = await onBoth("london", large, {
        creates: true,
        gas: 10_000_000n,
      });
      expect([status, bytesToHex(returnData)]).to.deep.equal([1, "0x1234"]);
    });
  });

  describe("what a difference from the reference once was", () => {
    it("a call that cannot be paid has read what its price depends on", async () => {
      await onBoth("chainstart", assemble(`0x0 0x0 0x0 0x0 0x64 ${ABSENT} 0xffffff CALL`), {
        gas: 60_000n,
      });
      await onBoth("cancun", assemble(`${HUGE} ${HUGE} 0x0 0x0 0x1 ${ABSENT} GAS CALL`));
    });

    it("a SELFDESTRUCT or SSTORE that cannot be paid has read its balance or slot", async () => {
      await onBoth("cancun", assemble(`${ABSENT} SELFDESTRUCT`), {
        gas: 21_100n,
        account: { balance: 5n },
      });
      await onBoth("cancun", assemble("0x1 0x1 SSTORE"), { gas: 21_100n });
    });

    it("BALANCE before EIP-161 observes whether the account exists", async () => {
      await onBoth("homestead", assemble(`${ABSENT} BALANCE ${OTHER} BALANCE`));
    });

    describe("code that begins with 0xef00 is no container without EIP-3540", () => {
      const LOOKALIKE = `0xef00${"00".repeat(29)}01`;
      const lookalike = Uint8Array.of(0xef, 0x00, 0x01, 0x60, 0x00);
      const others = {
        [OTHER]: { nonce: 1n, code: lookalike },
        [ABSENT]: { nonce: 1n, code: Uint8Array.of(0xef) },
      };

      for (const hardfork of ["petersburg", "london", "cancun", "osaka"]) {
        it(`${hardfork}: its size, bytes and hash are those of the account`, async () => {
          const source = `0x20 0x0 0x0 ${OTHER}`;
          const copy = Uint8Array.of(...assemble(source), 0x3c);
          const rest = assemble(
            `0x0 MLOAD ${OTHER} EXTCODESIZE ADD ${OTHER} EXTCODEHASH ADD ${RETURN_TOP}`,
          );
          const code = Uint8Array.of(...copy, ...rest);
          const { returnData } = await onBoth(hardfork, code, { others });
          const bytes = BigInt(`0xef00016000${"00".repeat(27)}`);
          const hash = BigInt(keccak256Hex(lookalike));
          expect(BigInt(bytesToHex(returnData))).to.equal((bytes + 5n + hash) % 2n ** 256n);
        });

        it(`${hardfork}: as init code it takes all gas of the creation and bumps the nonce`, async () => {
          for (const create of ["CREATE", "0x5 0x20 0x0 0x0 CREATE2"]) {
            const source = `${LOOKALIKE} 0x0 MSTORE ${create === "CREATE" ? "0x20 0x0 0x0 CREATE" : create}`;
            const outcome = await onBoth(hardfork, assemble(source));
            expect(outcome.status).to.equal(1);
            expect(outcome.gasUsed > 900_000n, "all but a 64th is gone").to.equal(true);
            const nonces = outcome.writes.writes.filter(({ kind }) => kind === "nonce");
            expect(nonces.map(({ address }) => address)).to.include(CONTRACT);
          }
        });
      }
    });

    it("SELFDESTRUCT credits before it debits, and twice refunds once", async () => {
      const destroy = assemble(`${ABSENT} SELFDESTRUCT`);
      const twice = assemble(
        `0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL 0x0 0x0 0x0 0x0 0x3 ${OTHER} GAS CALL`,
      );
      const others = { [OTHER]: { nonce: 1n, balance: 9n, code: destroy } };
      await onBoth("istanbul", twice, { others, account: { balance: 10n } });
      await onBoth("cancun", twice, { others, account: { balance: 10n } });
    });

    it("a TSTORE that lacks its value is no use of transient storage", async () => {
      const { trace } = await onBoth("osaka", assemble("ADDRESS TSTORE"));
      expect(trace.transient).to.deep.equal([]);
    });

    it("an empty EXTCODECOPY is a place in the code too", async () => {
      const code = assemble(`0x0 0x0 0x0 ${OTHER} 0x3c`.replace("0x3c", ""));
      await onBoth("homestead", Uint8Array.from([...code, 0x3c, 0x60, 0, 0x60, 0, 0xf3]), {
        creates: true,
      });
    });

    it("a Frontier contract that cannot pay for its code is made without it", async () => {
      const code = deploying(new Uint8Array(200));
      const { status, trace, writes } = await onBoth("chainstart", code, {
        creates: true,
        gas: 60_000n,
      });
      expect([status, trace.frames[0]?.success]).to.deep.equal([1, true]);
      expect(writes.writes.filter(({ kind }) => kind === "code")).to.deep.equal([]);
    });
  });

  describe("precompiles", () => {
    /** Calls a precompile with `input` from memory and returns its success and 64 bytes of output. */
    function calling(place: number, input: Uint8Array): Uint8Array {
      const stores = Array.from({ length: Math.ceil(input.length / 32) }, (_, index) => {
        const word = Buffer.alloc(32);
        Buffer.from(input).copy(word, 0, index * 32);
        return `0x${word.toString("hex")} 0x${(index * 32).toString(16)} MSTORE`;
      });
      const length = input.length.toString(16);
      return assemble(
        `${stores.join(" ")} 0x40 0x1000 0x${length} 0x0 0x0 0x${place.toString(16)} GAS CALL
         0x1040 MSTORE 0x60 0x1000 RETURN`,
      );
    }

    it("a message that needs the library of point evaluation begins again, with nothing left over", async () => {
      const infinity = Uint8Array.from([0xc0, ...new Uint8Array(47)]);
      const versionedHash = createHash("sha256").update(infinity).digest();
      versionedHash[0] = 1;
      const input = Buffer.concat([
        versionedHash,
        bigIntToBytes32(5n),
        bigIntToBytes32(0n),
        infinity,
        infinity,
      ]);
      // an outer frame that has counted, logged and stored when the library turns out to be missing
      const counting = assemble(
        `0x1 SLOAD 0x1 ADD 0x1 SSTORE 0x0 0x0 LOG0 0x0 0x0 0x0 0x0 0x1 ${OTHER} GAS CALL`,
      );
      const state = {
        [SENDER]: { balance: 10n ** 18n },
        [CONTRACT]: { nonce: 1n, balance: 5n, code: counting },
        [OTHER]: { nonce: 1n, code: calling(0x0a, input) },
      };
      const scene = {
        state: new MapState(state),
        transaction: transaction(SENDER, { to: CONTRACT }),
        environment: environment("cancun"),
        trace: true,
      };
      const actual = await runOn(createFastEngine(reference), scene);
      const expected = await runOn(reference, scene);
      expect(differenceOf(expected, actual)).to.equal(null);
    });

    for (const [name, place, length] of [
      ["G1 addition", 0x0b, 256],
      ["G1 sum of products", 0x0c, 160],
      ["G1 sum of 3 products", 0x0c, 480],
      ["G2 addition", 0x0d, 512],
      ["G2 sum of products", 0x0e, 288],
      ["pairing", 0x0f, 384],
      ["map to G1", 0x10, 64],
      ["map to G2", 0x11, 128],
    ] as const) {
      it(`BLS12-381 ${name}: well-formed, padded wrongly, too short, too long, empty`, async () => {
        const inputs = [
          new Uint8Array(length), // the points at infinity
          Uint8Array.from({ length }, (_, index) => (index === 3 ? 1 : 0)),
          Uint8Array.from({ length }, (_, index) => (index === length - 1 ? 1 : 0)),
          Uint8Array.from({ length }, (_, index) => (index === 63 ? 1 : 0)),
          new Uint8Array(length - 1),
          new Uint8Array(length + 1),
          new Uint8Array(0),
        ];
        for (const input of inputs) {
          await onBoth("prague", calling(place, input));
          await onBoth("osaka", calling(place, input), { gas: 60_000n });
        }
      });
    }
  });

  it("transactions are over when the engine returns: nothing is awaited in them", () => {
    const state = new MapState({
      [SENDER]: { balance: 10n ** 18n },
      // calls OTHER, which writes a slot
      [CONTRACT]: { code: assemble(`0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL STOP`) },
      [OTHER]: { code: assemble("0x1 0x1 SSTORE STOP") },
    });
    for (const tier of TIERS) {
      for (const to of [ABSENT, CONTRACT, null]) {
        const view = new IncarnationView(new BlockOverlay(state), false);
        const execution = executeTransaction(
          createFastEngine(reference, tier),
          view,
          transaction(SENDER, { to, value: 1n, gasLimit: 200_000n }),
          environment("prague"),
        );
        expect(execution, `${tier}, ${to}`).to.have.property("ok", true);
      }
    }
  });

  it("gas that doubles do not count exactly goes to the reference, and not a unit less", async () => {
    const intrinsic = 21_000n;
    for (const [gas, fallbacks] of [
      [2n ** 53n - 1n, []],
      [2n ** 53n, [["gas limit", 1]]],
      [2n ** 53n + 1n, [["gas limit", 1]]],
      [2n ** 64n - 1n - intrinsic, [["gas limit", 1]]],
    ] as const) {
      const engines = TIERS.map((tier) => ({ tier, engine: createFastEngine(reference, tier) }));
      const execution = await expectSameOutcomes(reference, engines, {
        state: new MapState({
          [SENDER]: { balance: 2n ** 200n },
          [CONTRACT]: { code: assemble(`GAS ${RETURN_TOP}`) },
        }),
        transaction: transaction(SENDER, { to: CONTRACT, gasLimit: gas + intrinsic }),
        environment: environment("prague", { gasLimit: 2n ** 64n - 1n }),
        trace: false,
      });
      // GAS costs 2, and says what is left then
      const { returnData } = execution.ok ? execution.outcome : expect.fail("it is valid");
      expect(BigInt(bytesToHex(returnData))).to.equal(gas - 2n);
      for (const { tier, engine } of engines) {
        expect([...engine.fallbacks], `${tier}, ${gas}`).to.deep.equal(fallbacks);
      }
    }
  });

  it("messages whose opcodes are observed run on the reference, and are counted", async () => {
    const fast = createFastEngine(reference);
    const view = new IncarnationView(new BlockOverlay(new MapState()), false);
    const opcodes: string[] = [];
    const data = assemble("0x1 STOP");
    const message = messageOf({ caller: SENDER, to: null, data, gasLimit: 100_000n });
    await fast.run(message, environment("cancun"), view, {
      onStep: ({ opcodeName }) => opcodes.push(opcodeName),
    });
    expect(opcodes).to.deep.equal(["PUSH1", "STOP"]);
    expect([...fast.fallbacks]).to.deep.equal([["opcodes are observed", 1]]);
  });
});
