import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Interface, keccak256 } from "ethers";
import type { EIP1193Provider } from "hardhat/types";
import type { Halt } from "../../src/execution/outcome";
import { FailureExplainer } from "../../src/hardhat2/failure-explainer";
import { StockForReplay } from "../../src/hardhat2/stock-replay";
import type { FailedExecution } from "../../src/network";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { EMPTY_CODE_HASH } from "../../src/state/hex";
import type { Read } from "../../src/state/read-set";
import { withEnvironment } from "./hardhat-environment";

const OFFLINE_SOLC = JSON.stringify(
  join(__dirname, "..", "..", "fixture-projects", "offline-solc"),
);
const CONFIG = `
  require(${OFFLINE_SOLC});
  const { extendConfig } = require("hardhat/config");
  extendConfig((config) => { config.parallel = { enabled: false }; });
  module.exports = { solidity: "0.8.30" };
`;

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;
contract Probe {
  uint256 limit = 7;
  error TooMuch(uint256 wanted, uint256 allowed);
  error NotYet(uint256 number, uint256 timestamp);
  function withReason() external pure { require(false, "no such thing"); }
  function custom(uint256 wanted) external view { if (wanted > limit) revert TooMuch(wanted, limit); }
  function panics(uint256 by) external view returns (uint256) { return limit / by; }
  function early() external view { revert NotYet(block.number, block.timestamp); }
  function silent() external pure { revert(); }
  function invalid() external pure { assembly { invalid() } }
  function ask(address other) external view { Probe(other).withReason(); }
  function spin() external pure { while (true) {} }
}
`;

const abi = new Interface([
  "function withReason()",
  "function custom(uint256)",
  "function panics(uint256)",
  "function early()",
  "function silent()",
  "function invalid()",
  "function ask(address)",
  "function spin()",
  "error NotYet(uint256,uint256)",
]);
const USER: Address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const PLAIN: Address = `0x${"77".repeat(20)}`;
const ORIGIN = { transactionIndex: -1, incarnation: 0 };

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.slice(2), "hex"));
}

describe("hardhat2/failure-explainer", () => {
  let explainer: FailureExplainer;
  let stock: EIP1193Provider;
  let probe: Address;
  let runtime: Uint8Array;
  let printed: string[];
  const created = new Set<EIP1193Provider>();
  let release: () => void = () => undefined;
  let finished: Promise<void> = Promise.resolve();

  before(async () => {
    const ready = new Promise<void>((resolve, reject) => {
      finished = withEnvironment(CONFIG, async ({ hre, directory }) => {
        mkdirSync(join(directory, "contracts"));
        writeFileSync(join(directory, "contracts", "Probe.sol"), SOURCE);
        await hre.run("compile", { quiet: true });
        stock = hre.network.provider;
        const { bytecode } = await hre.artifacts.readArtifact("Probe");
        const hash = await stock.request({
          method: "eth_sendTransaction",
          params: [{ from: USER, data: bytecode }],
        });
        const receipt: unknown = await stock.request({
          method: "eth_getTransactionReceipt",
          params: [hash],
        });
        assert.ok(typeof receipt === "object" && receipt !== null && "contractAddress" in receipt);
        probe = String(receipt.contractAddress) as Address; // cast: stock gives lower-case hex
        const code = await stock.request({ method: "eth_getCode", params: [probe, "latest"] });
        runtime = bytes(String(code));
        const networks = new StockForReplay(hre);
        explainer = new FailureExplainer({
          knowing: async (codes) => {
            const network = await networks.knowing(codes);
            created.add(network);
            return network;
          },
        });
        resolve();
        await new Promise<void>((done) => {
          release = done;
        });
      });
      finished.catch(reject);
    });
    await ready;
    printed = [];
  });

  after(async () => {
    release();
    await finished;
  });

  /** What stock says, and our failed execution of the same call as the executor would report it. */
  async function failing(
    data: string,
    options: {
      value?: bigint;
      to?: Address;
      halt?: Halt;
      returnData?: string;
      transactionHash?: Hex;
      number?: bigint;
      timestamp?: bigint;
      limit?: bigint;
      gas?: bigint;
    } = {},
  ): Promise<{
    stockError: { data: unknown; message: string; name: string; stack: string };
    failure: FailedExecution;
  }> {
    const { value = 0n, to = probe, gas = 1_000_000n } = options;
    const stockError = await stock
      .request({
        method: "eth_call",
        params: [
          { from: USER, to, data, value: `0x${value.toString(16)}`, gas: `0x${gas.toString(16)}` },
        ],
      })
      .then(
        () => assert.fail("stock does not fail"),
        (error) => error,
      );
    const codeHash: Hash = keccak256(runtime) as Hash; // cast: ethers gives lower-case hex
    const reads: Read[] = [
      { kind: "balance", address: USER, min: 0n, max: 1n << 256n, origin: ORIGIN },
      { kind: "code", address: to, codeHash, origin: ORIGIN },
      { kind: "storage", address: to, slot: 0n, value: options.limit ?? 7n, origin: ORIGIN },
    ];
    return {
      stockError,
      failure: {
        kind: options.transactionHash === undefined ? "call" : "transaction",
        transactionHash: options.transactionHash ?? null,
        request: {
          from: USER,
          to,
          gas,
          maxFeePerGas: 0n,
          maxPriorityFeePerGas: 0n,
          value,
          data: bytes(data),
          accessList: [],
          blobVersionedHashes: [],
          authorizationList: [],
        },
        environment: {
          rules: {
            chainId: 31337n,
            hardfork: "osaka",
            allowUnlimitedContractSize: false,
            transactionGasCap: null,
          },
          number: options.number ?? 1n,
          timestamp: options.timestamp ?? 1_800_000_000n,
          coinbase: `0x${"c0".repeat(20)}`,
          gasLimit: 60_000_000n,
          baseFeePerGas: 0n,
          difficulty: 0n,
          prevRandao: `0x${"12".repeat(32)}`,
          excessBlobGas: 0n,
          parentBeaconBlockRoot: null,
          parentHash: `0x${"00".repeat(32)}`,
          blockHashes: new Map(),
        },
        preState: {
          exists: () => true,
          balance: (address) => (address === USER ? 10n ** 22n : 0n),
          nonce: () => 0n,
          codeHash: (address) => (address === to && to !== PLAIN ? codeHash : EMPTY_CODE_HASH),
          code: (hash) => (hash === codeHash ? runtime : new Uint8Array()),
          storage: (address, slot) => (address === to && slot === 0n ? (options.limit ?? 7n) : 0n),
          hasStorage: () => false,
        },
        outcome: {
          status: 0,
          halt: options.halt ?? { kind: "revert", reason: "Revert" },
          gasUsed: 0n,
          gasBeforeRefund: 0n,
          intrinsicGas: 0n,
          blobGasUsed: 0n,
          effectiveGasPrice: 0n,
          returnData: bytes(
            options.returnData ?? (typeof stockError.data === "string" ? stockError.data : "0x"),
          ),
          logs: [],
          createdAddress: null,
          reads,
          writes: { writes: [], codes: new Map() },
          trace: { frames: [], accesses: [], preimages: [], transient: [] },
          consoleLogs: [],
        },
      },
    };
  }

  for (const [what, data, options, words] of [
    ["a reason", () => abi.encodeFunctionData("withReason"), {}, /reason string 'no such thing'/],
    ["a custom error", () => abi.encodeFunctionData("custom", [8]), {}, /'TooMuch\(8, 7\)'/],
    ["a panic", () => abi.encodeFunctionData("panics", [0]), {}, /panic code 0x12/],
    ["no reason", () => abi.encodeFunctionData("silent"), {}, /without a reason string/],
    [
      "an invalid opcode",
      () => abi.encodeFunctionData("invalid"),
      { halt: { kind: "halt", reason: "InvalidOpcode" } },
      /invalid opcode/,
    ],
    ["an unknown selector", () => "0x12345678", {}, /function selector was not recognized/],
    [
      "short calldata",
      () => abi.encodeFunctionData("custom", [8]).slice(0, 20),
      {},
      /incorrect parameters/,
    ],
    [
      "value for a non-payable function",
      () => abi.encodeFunctionData("silent"),
      { value: 1n },
      /non-payable function was called with value 1/,
    ],
    [
      "a call to an account without code",
      () => abi.encodeFunctionData("ask", [PLAIN]),
      {},
      /non-contract account/,
    ],
    [
      "running out of gas",
      () => abi.encodeFunctionData("spin"),
      { halt: { kind: "halt", reason: "OutOfGas" }, gas: 100_000n },
      /ran out of gas/,
    ],
  ] as const) {
    it(`gives stock's error for ${what}`, async () => {
      const { stockError, failure } = await failing(data(), options);
      const error = await explainer.explain(failure);
      assert.ok(error instanceof Error && "data" in error);
      assert.match(error.message, words);
      assert.equal(error.message, stockError.message);
      assert.equal(error.name, stockError.name);
      assert.equal(error.constructor, stockError.constructor);
      assert.deepEqual(error.data, stockError.data);
      const solidityLines = (text = "") => text.split("\n").filter((line) => line.includes(".sol"));
      assert.deepEqual(solidityLines(error.stack), solidityLines(stockError.stack));
    });
  }

  it("sees the storage and the block of the failing call, not the replay network's", async () => {
    const custom = await failing(abi.encodeFunctionData("custom", [10]), {
      limit: 9n,
      returnData: abi.encodeFunctionData("custom", [10]), // replaced below
    });
    const returnData = bytes(
      `0x${String(custom.stockError.data).slice(2, 10)}${"a".padStart(64, "0")}${"9".padStart(64, "0")}`,
    );
    const failure = { ...custom.failure, outcome: { ...custom.failure.outcome, returnData } };
    assert.match(String(await explainer.explain(failure)), /'TooMuch\(10, 9\)'/);

    for (const [number, timestamp] of [
      [5n, 1_900_000_000n],
      [1_000_000n, 1_900_000_000n],
      [2n, 1_700_000_000n],
      [1n, 1_700_000_000n],
    ] as const) {
      const early = await failing(abi.encodeFunctionData("early"), {
        number,
        timestamp,
        returnData: abi.encodeErrorResult("NotYet", [number, timestamp]),
      });
      assert.match(
        String(await explainer.explain(early.failure)),
        new RegExp(`'NotYet\\(${number}, ${timestamp}\\)'`),
      );
    }
  });

  it("names the transaction in the error, also in an out-of-gas error", async () => {
    const hash: Hex = `0x${"ab".repeat(32)}`;
    const reverted = await failing(abi.encodeFunctionData("silent"), { transactionHash: hash });
    const error = await explainer.explain(reverted.failure);
    assert.ok(error instanceof Error && "transactionHash" in error);
    assert.equal(error.transactionHash, hash);
    const exhausted = await failing(abi.encodeFunctionData("spin"), {
      transactionHash: hash,
      gas: 100_000n,
      halt: { kind: "halt", reason: "OutOfGas" },
    });
    const outOfGas = await explainer.explain(exhausted.failure);
    assert.ok(outOfGas instanceof Error && "data" in outOfGas);
    assert.deepEqual(outOfGas.data, {
      reason: { OutOfGas: "Basic" },
      data: "0x",
      transactionHash: hash,
    });
  });

  it("gives no explanation where stock's return data differ from ours", async () => {
    const { failure } = await failing(abi.encodeFunctionData("withReason"), { returnData: "0x01" });
    assert.equal(await explainer.explain(failure), null);
  });

  it("gives no explanation where stock succeeds", async () => {
    const { failure } = await failing(abi.encodeFunctionData("custom", [8]), { limit: 100n });
    assert.equal(await explainer.explain(failure), null);
  });

  it("gives no explanation where only one of the two ran out of gas", async () => {
    const { failure } = await failing(abi.encodeFunctionData("spin"), { gas: 100_000n });
    assert.equal(await explainer.explain(failure), null);
  });

  it("explains many failures at once, each with its own words, on one stock network", async () => {
    const wanted = [8, 9, 10, 11, 12, 13];
    const failures = await Promise.all(
      wanted.map((amount, index) =>
        failing(abi.encodeFunctionData("custom", [amount]), { number: BigInt(20 - index) }),
      ),
    );
    const errors = await Promise.all(failures.map(({ failure }) => explainer.explain(failure)));
    errors.forEach((error, index) => {
      assert.match(String(error), new RegExp(`TooMuch\\(${wanted[index]}, 7\\)`));
    });
    assert.equal(created.size, 1);
    assert.deepEqual(printed, []);
  });
});
