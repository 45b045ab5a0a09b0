import { expect } from "chai";
import type { CallRequest, StateOverrides } from "../../src/chain/chain";
import type { ChainError } from "../../src/chain/chain-error";
import { bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address, Hex } from "../../src/state/hex";
import { account, NetworkPair } from "./network-pair";

const CONTRACT: Address = "0x00000000000000000000000000000000000000cc";
const POOR: Address = "0x00000000000000000000000000000000000000ff";
const CONSOLE = "000000000000000000636f6e736f6c652e6c6f67";

function request(changes: Partial<CallRequest> = {}): CallRequest {
  return {
    from: account(9).address,
    to: CONTRACT,
    gas: 16_777_216n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    value: 0n,
    data: new Uint8Array(0),
    accessList: [],
    blobVersionedHashes: [],
    authorizationList: [],
    ...changes,
  };
}

/** Code that returns the word on top of the stack after `code`. */
const returning = (code: string): Hex => `0x${code}60005260206000f3`;

async function pairWithCode(code: Hex): Promise<NetworkPair> {
  const pair = await NetworkPair.start({ automine: false });
  await setCode(pair, code);
  await pair.mineAndCompare();
  return pair;
}

async function setCode(pair: NetworkPair, code: Hex): Promise<void> {
  await pair.rpc("hardhat_setCode", CONTRACT, code);
  await pair.chain.setCode(CONTRACT, hexToBytes(code));
}

describe("calls beside the stock network", () => {
  const environment: [name: string, code: string][] = [
    ["NUMBER", "43"],
    ["TIMESTAMP", "42"],
    ["COINBASE", "41"],
    ["GASLIMIT", "45"],
    ["PREVRANDAO", "44"],
    ["BASEFEE", "48"],
    ["CHAINID", "46"],
    ["BLOCKHASH of the parent", "6001430340"],
    ["BLOCKHASH of the block itself", "4340"],
    ["BLOCKHASH of block 0", "600040"],
    ["GASPRICE", "3a"],
    ["BLOBBASEFEE", "4a"],
  ];
  for (const [name, code] of environment) {
    it(`see ${name} as in stock, on the latest, an older and the pending block`, async () => {
      const pair = await pairWithCode(returning(code));
      await pair.mineAndCompare();
      await pair.setNextTimestamp(pair.chain.latest.header.timestamp + 10n);
      for (const [tag, selector] of [
        ["latest", "latest"],
        ["0x1", { number: 1n }],
        ["pending", "pending"],
      ] as const) {
        const { outcome } = await pair.chain.call(request(), selector);
        const theirs = await pair.rpc("eth_call", { from: account(9).address, to: CONTRACT }, tag);
        expect(bytesToHex(outcome.returnData), tag).to.equal(theirs);
      }
    });
  }

  it("need no balance and see what the caller would have left", async () => {
    const pair = await pairWithCode(returning("3331"));
    for (const from of [account(9).address, POOR]) {
      for (const [gasPrice, value] of [
        [0n, 0n],
        [1_000_000n, 0n],
        [1_000_000n, 5n],
        [0n, 10n ** 30n],
      ] as const) {
        const { outcome } = await pair.chain.call(
          request({
            from,
            value,
            gas: 100_000n,
            maxFeePerGas: gasPrice,
            maxPriorityFeePerGas: gasPrice,
          }),
          "latest",
        );
        const theirs = await pair.rpc("eth_call", {
          from,
          to: CONTRACT,
          gas: "0x186a0",
          value: `0x${value.toString(16)}`,
          ...(gasPrice === 0n ? {} : { gasPrice: `0x${gasPrice.toString(16)}` }),
        });
        expect(bytesToHex(outcome.returnData), `${from} ${gasPrice} ${value}`).to.equal(theirs);
      }
    }
  });

  it("may come from a contract, whatever its nonce", async () => {
    const pair = await pairWithCode(returning("33"));
    await pair.chain.setNonce(CONTRACT, 7n);
    const { outcome } = await pair.chain.call(request({ from: CONTRACT }), "latest");
    expect(BigInt(bytesToHex(outcome.returnData))).to.equal(BigInt(CONTRACT));
  });

  it("see pooled transactions on the pending block only", async () => {
    const pair = await pairWithCode(returning("600054"));
    // slot 0 += 1 when called with value
    await setCode(pair, "0x34600f5760005460005260206000f35b600160005401600055");
    await pair.send(0, { nonce: 0n, to: CONTRACT, value: 1n });
    await pair.send(0, { nonce: 1n, to: CONTRACT, value: 1n });
    await pair.setNextTimestamp(pair.chain.latest.header.timestamp + 10n);
    for (const [selector, expected] of [
      ["latest", 0n],
      ["pending", 2n],
    ] as const) {
      const { outcome } = await pair.chain.call(request(), selector);
      expect(BigInt(bytesToHex(outcome.returnData))).to.equal(expected);
      expect(BigInt(await pair.rpc<string>("eth_call", { to: CONTRACT }, selector))).to.equal(
        expected,
      );
      expect((await pair.chain.stateAt(selector)).storage(CONTRACT, 0n)).to.equal(expected);
    }
    const { block } = await pair.chain.pendingBlock();
    const theirs = await pair.rpc<{ stateRoot: string; gasUsed: string }>(
      "eth_getBlockByNumber",
      "pending",
      false,
    );
    expect(block.header.stateRoot).to.equal(theirs.stateRoot);
    expect(block.header.gasUsed).to.equal(BigInt(theirs.gasUsed));
    // nothing was committed
    expect((await pair.mineAndCompare()).transactions).to.have.length(2);
  });

  it("take state overrides, which change nothing", async () => {
    const pair = await pairWithCode("0x");
    const slot = (value: string) => `0x${value.padStart(64, "0")}`;
    await pair.rpc("hardhat_setStorageAt", CONTRACT, "0x0", slot("1"));
    await pair.chain.setStorage(CONTRACT, 0n, 1n);
    await pair.rpc("hardhat_setStorageAt", CONTRACT, "0x1", slot("2"));
    await pair.chain.setStorage(CONTRACT, 1n, 2n);
    // balance + 2^32 * sload(0) + 2^64 * sload(1)
    const code = returning("60015468010000000000000000026000546401000000000201303101");
    const cases: [StateOverrides extends ReadonlyMap<Address, infer V> ? V : never, object][] = [
      [{ code }, { code }],
      [
        { code, balance: 9n },
        { code, balance: "0x9" },
      ],
      [
        { code, stateDiff: new Map([[1n, 7n]]) },
        { code, stateDiff: { [slot("1")]: slot("7") } },
      ],
      [
        { code, state: new Map([[1n, 7n]]), nonce: 3n },
        { code, state: { [slot("1")]: slot("7") }, nonce: "0x3" },
      ],
    ];
    for (const [ours, theirs] of cases) {
      const { outcome } = await pair.chain.call(request(), "latest", {
        overrides: new Map([[CONTRACT, ours]]),
      });
      const expected = await pair.rpc("eth_call", { to: CONTRACT }, "latest", {
        [CONTRACT]: theirs,
      });
      expect(bytesToHex(outcome.returnData)).to.equal(expected);
    }
    const { outcome } = await pair.chain.call(request(), "latest");
    expect(outcome.returnData).to.have.length(0);
  });

  it("refuse what is not even a call", async () => {
    const pair = await pairWithCode("0x");
    for (const [changes, kind] of [
      [{ gas: 1n }, "IntrinsicGas"],
      [{ gas: 16_777_217n }, "ExceedsTransactionGasCap"],
    ] as const) {
      const error = await pair.chain.call(request(changes), "latest").catch((e: unknown) => e);
      expect((error as ChainError).problem).to.have.nested.property("reason.kind", kind);
      const theirs = await pair
        .rpc("eth_call", { to: CONTRACT, gas: `0x${changes.gas.toString(16)}` })
        .catch((e: unknown) => e);
      expect(theirs).to.be.instanceOf(Error);
    }
    const error = await pair.chain.call(request(), { number: 99n }).catch((e: unknown) => e);
    expect((error as ChainError).problem.kind).to.equal("UnknownBlock");
  });

  it("report console.log calls and reverts", async () => {
    // mstore(0, 0xaabb...) call console with 4 bytes, then revert
    const { chain } = await pairWithCode(
      `0x63aabbccdd60005260006000600460 1c600073${CONSOLE}5af150602a60005260206000fd`.replace(
        " ",
        "",
      ) as Hex,
    );
    const { outcome, consoleLogs } = await chain.call(request(), "latest");
    expect(consoleLogs.map(bytesToHex)).to.deep.equal(["0xaabbccdd"]);
    expect(outcome.halt).to.deep.equal({ kind: "revert", reason: "Revert" });
    expect(BigInt(bytesToHex(outcome.returnData))).to.equal(0x2an);
  });

  it("repeat a mined transaction on the state it began on", async () => {
    const pair = await pairWithCode("0x60005460010160005500");
    await pair.send(0, { nonce: 0n, to: CONTRACT });
    const second = await pair.send(1, { nonce: 0n, to: CONTRACT });
    await pair.mineAndCompare();
    await pair.chain.setStorage(CONTRACT, 0n, 77n);
    const opcodes: string[] = [];
    const stored: bigint[] = [];
    const { outcome, context } = await pair.chain.traceTransaction(second, {
      onStep: (step) => {
        opcodes.push(step.opcodeName);
        if (step.opcodeName === "SSTORE") {
          stored.push(step.stack.at(-2) ?? -1n);
        }
      },
    });
    expect(opcodes).to.deep.equal(["PUSH1", "SLOAD", "PUSH1", "ADD", "PUSH1", "SSTORE", "STOP"]);
    expect(stored).to.deep.equal([2n]);
    expect(outcome.gasUsed).to.equal(pair.chain.latest.receipts[1]?.outcome.gasUsed);
    expect(context.preState.storage(CONTRACT, 0n)).to.equal(1n);
    expect((await pair.chain.contextOf(second)).preState.nonce(account(0).address)).to.equal(1n);
    const error = await pair.chain.contextOf(`0x${"00".repeat(32)}`).catch((e: unknown) => e);
    expect((error as ChainError).problem.kind).to.equal("UnknownTransaction");
  });

  it("prove accounts and slots of any block as stock does", async () => {
    const pair = await pairWithCode("0x60005460010160005500");
    await pair.send(0, { nonce: 0n, to: CONTRACT });
    await pair.mineAndCompare();
    await pair.send(0, { nonce: 1n, to: CONTRACT });
    await pair.setNextTimestamp(pair.chain.latest.header.timestamp + 10n);
    for (const [tag, selector] of [
      ["0x1", { number: 1n }],
      ["latest", "latest"],
    ] as const) {
      const theirs = await pair.rpc<{
        accountProof: Hex[];
        storageHash: Hex;
        storageProof: { value: string; proof: Hex[] }[];
      }>("eth_getProof", CONTRACT, [`0x${"0".repeat(64)}`], tag);
      const ours = await pair.chain.proofAt(CONTRACT, [0n], selector);
      expect(ours.accountProof).to.deep.equal(theirs.accountProof);
      expect(ours.storageHash).to.equal(theirs.storageHash);
      expect(ours.storageProof[0]?.proof).to.deep.equal(theirs.storageProof[0]?.proof);
      expect(ours.storageProof[0]?.value).to.equal(BigInt(theirs.storageProof[0]?.value ?? -1));
    }
    const pending = await pair.chain.proofAt(CONTRACT, [0n], "pending");
    expect(pending.storageProof[0]?.value).to.equal(2n);
  });
});
