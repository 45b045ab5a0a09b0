/**
 * eth_simulateV1, which the stock network does not have: as anvil answers it, and by hand where the
 * specification (ethereum/execution-apis) or geth say more.
 */
import { expect } from "chai";
import type { ParallelNetwork } from "../../src/network";
import { bytesToHex } from "../../src/state/bytes";
import { assemble } from "../helpers/assembler";
import { startOurs } from "../helpers/our-network";
import { Anvil } from "../helpers/remote/anvil";
import { startForked } from "../helpers/remote/forked-pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const at = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;
const word = (value: number | string): string =>
  `0x${BigInt(value).toString(16).padStart(64, "0")}`;
const code = (source: string): string => bytesToHex(assemble(source));

const ETHER = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
// keccak256("Transfer(address,address,uint256)"), as every ERC-20 token has it
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

const COUNTER = at(0xc001);
const REVERTER = at(0xc003);
const BLOCK = at(0xc004);
const FORWARDER = at(0xc005);
const POOR = at(0xd001);
const RETURN_WORD = "0x0 MSTORE 0x20 0x0 RETURN";

const CODES: Readonly<Record<string, string>> = {
  [COUNTER]: code(`0x0 SLOAD 0x1 ADD DUP1 0x0 SSTORE ${RETURN_WORD}`),
  // reverts with the word 5
  [REVERTER]: code("0x5 0x0 MSTORE 0x20 0x0 REVERT"),
  // number, timestamp, base fee, hash of the parent
  [BLOCK]: code(
    `NUMBER 0x0 MSTORE TIMESTAMP 0x20 MSTORE BASEFEE 0x40 MSTORE
     0x1 NUMBER SUB BLOCKHASH 0x60 MSTORE 0x80 0x0 RETURN`,
  ),
  // sends what it is given to B, and the same to a contract that reverts
  [FORWARDER]: code(
    `0x0 0x0 0x0 0x0 CALLVALUE ${B} GAS CALL POP
     0x0 0x0 0x0 0x0 CALLVALUE ${REVERTER} GAS CALL POP STOP`,
  ),
};

interface SimulatedCall {
  readonly returnData: string;
  readonly logs: readonly { readonly address: string; readonly topics: string[]; data: string }[];
  readonly gasUsed: string;
  readonly status: string;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
}

interface SimulatedBlock {
  readonly number: string;
  readonly timestamp: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly stateRoot: string;
  readonly gasUsed: string;
  readonly gasLimit: string;
  readonly baseFeePerGas: string;
  readonly miner: string;
  readonly receiptsRoot: string;
  readonly transactions: readonly (string | { readonly from: string; readonly nonce: string })[];
  readonly calls: readonly SimulatedCall[];
}

describe("eth_simulateV1", () => {
  let ours: ParallelNetwork;

  const ask = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    ours.request({ method, params });

  const simulate = async (
    blockStateCalls: readonly object[],
    options: object = {},
    block = "latest",
  ): Promise<readonly SimulatedBlock[]> =>
    // the specification's format
    (await ask("eth_simulateV1", { blockStateCalls, ...options }, block)) as SimulatedBlock[];

  const one = async (block: object, options: object = {}): Promise<SimulatedBlock> => {
    const [first] = await simulate([block], options);
    if (first === undefined) {
      throw new Error("a simulation of one block has one block");
    }
    return first;
  };

  const refusal = (blocks: readonly object[], options: object = {}): Promise<{ code: number }> =>
    simulate(blocks, options).then(
      () => ({ code: 0 }),
      (error: { code: number }) => error,
    );

  const latest = async (): Promise<SimulatedBlock> =>
    (await ask("eth_getBlockByNumber", "latest", false)) as SimulatedBlock; // its format

  before(async () => {
    ours = await startOurs();
    for (const [address, runtime] of Object.entries(CODES)) {
      await ask("hardhat_setCode", address, runtime);
    }
    await ask("evm_mine");
  });

  after(() => ours.close());

  it("answers calls as anvil does", async () => {
    const anvil = await Anvil.start();
    try {
      for (const [address, runtime] of Object.entries(CODES)) {
        await anvil.request("anvil_setCode", address, runtime);
      }
      const gas = "0x30d40";
      const blocks = [
        {
          calls: [
            { from: A, to: COUNTER, gas },
            { from: A, to: REVERTER, gas },
          ],
        },
        {
          stateOverrides: { [COUNTER]: { stateDiff: { [word(0)]: word(7) } } },
          calls: [
            { from: B, to: COUNTER, gas },
            { from: B, to: A, value: "0x5", gas },
          ],
        },
      ];
      const options = { traceTransfers: true };
      const theirs = (await anvil.request(
        "eth_simulateV1",
        { blockStateCalls: blocks, ...options },
        "latest",
      )) as SimulatedBlock[]; // the same format
      const own = await simulate(blocks, options);
      const comparable = (given: readonly SimulatedBlock[]): unknown =>
        given.map(({ gasUsed, calls }) => ({
          gasUsed,
          calls: calls.map((call) => ({
            status: call.status,
            gasUsed: call.gasUsed,
            logs: call.logs.map(({ address, topics, data }) => ({ address, topics, data })),
          })),
        }));
      expect(comparable(own)).to.deep.equal(comparable(theirs));
      expect(own.map(({ calls }) => calls.map(({ returnData }) => returnData))).to.deep.equal([
        [word(1), "0x"],
        [word(8), "0x"],
      ]);
    } finally {
      await anvil.stop();
    }
  });

  it("goes on with the state of the call and of the block before, and changes nothing", async () => {
    const before = await latest();
    const call = { from: A, to: COUNTER };
    const blocks = await simulate([{ calls: [call, call] }, { calls: [call] }]);
    expect(blocks.map(({ calls }) => calls.map(({ returnData }) => returnData))).to.deep.equal([
      [word(1), word(2)],
      [word(3)],
    ]);
    expect(await latest()).to.deep.equal(before);
    expect(await ask("eth_getStorageAt", COUNTER, "0x0")).to.equal(word(0));
    expect(await ask("eth_getTransactionCount", A)).to.equal("0x0");
  });

  it("seals the block that mining the same transaction seals", async () => {
    const { timestamp } = await latest();
    const time = `0x${(BigInt(timestamp) + 5n).toString(16)}`;
    const call = { from: A, to: COUNTER, gas: "0x30d40", maxFeePerGas: "0x77359400" };
    const simulated = await one({ blockOverrides: { time }, calls: [call] }, { validation: true });
    const id = await ask("evm_snapshot");
    await ask("evm_setNextBlockTimestamp", time);
    await ask("eth_sendTransaction", { ...call, maxPriorityFeePerGas: "0x0" });
    const mined = await latest();
    await ask("evm_revert", id);
    for (const field of [
      "number",
      "timestamp",
      "parentHash",
      "stateRoot",
      "gasUsed",
      "gasLimit",
      "baseFeePerGas",
      "miner",
      "receiptsRoot",
    ] as const) {
      expect(simulated[field], field).to.equal(mined[field]);
    }
  });

  it("fills gaps with empty blocks, and shows each block its number, time, fee and parent", async () => {
    const { number, timestamp, gasLimit } = await latest();
    const next = BigInt(number) + 3n;
    const hex = (value: bigint): string => `0x${value.toString(16)}`;
    const blocks = await simulate([
      {
        blockOverrides: { number: hex(next), feeRecipient: B },
        calls: [{ from: A, to: BLOCK }],
      },
      { calls: [] },
    ]);
    expect(blocks.map((block) => BigInt(block.number) - BigInt(number))).to.deep.equal([
      1n,
      2n,
      3n,
      4n,
    ]);
    expect(blocks.map((block) => BigInt(block.timestamp) - BigInt(timestamp))).to.deep.equal([
      1n,
      2n,
      3n,
      4n,
    ]);
    expect(new Set(blocks.map((block) => block.gasLimit))).to.deep.equal(new Set([gasLimit]));
    expect(blocks.map(({ miner }) => miner).slice(2)).to.deep.equal([B, B]);
    expect(blocks[3]?.parentHash).to.equal(blocks[2]?.hash);
    const seen = [next, BigInt(timestamp) + 3n, 0n, BigInt(blocks[1]?.hash ?? 0)];
    expect(blocks[2]?.calls[0]?.returnData).to.equal(
      `0x${seen.map((value) => word(value.toString()).slice(2)).join("")}`,
    );
  });

  it("heeds overrides of balance, nonce, code and storage", async () => {
    const stateOverrides = {
      [POOR]: { balance: "0x9", nonce: "0x7" },
      [at(0xd002)]: { code: CODES[COUNTER], state: { [word(0)]: word(0x10) } },
    };
    const block = await one(
      {
        stateOverrides,
        calls: [
          { from: POOR, to: B, value: "0x9" },
          { from: POOR, to: at(0xd002) },
        ],
      },
      { returnFullTransactions: true },
    );
    expect(block.calls.map(({ status }) => status)).to.deep.equal(["0x1", "0x1"]);
    expect(block.calls[1]?.returnData).to.equal(word(0x11));
    expect(block.transactions).to.have.length(2);
    expect(block.transactions[0]).to.include({ from: POOR, nonce: "0x7" });
    expect(block.transactions[1]).to.include({ from: POOR, nonce: "0x8" });
  });

  it("tells of reverts with code 3 and their data, of other failures with -32015", async () => {
    const { calls } = await one({
      calls: [
        { from: A, to: REVERTER },
        { from: A, to: BLOCK, gas: "0x5210" },
      ],
    });
    expect(calls[0]).to.deep.include({
      status: "0x0",
      returnData: "0x",
      error: { code: 3, message: "execution reverted", data: word(5) },
    });
    expect(calls[1]?.error).to.deep.equal({ code: -32015, message: "out of gas" });
    expect(calls[1]?.gasUsed).to.equal("0x5210");
  });

  it("shows movements of ether as logs, but none that were undone", async () => {
    const calls = [{ from: A, to: FORWARDER, value: "0x3" }];
    const stateOverrides = { [FORWARDER]: { balance: "0x3" } };
    const traced = await one({ stateOverrides, calls }, { traceTransfers: true });
    const transfer = (from: string, to: string): object => ({
      address: ETHER,
      topics: [TRANSFER, word(from), word(to)],
      data: word(3),
    });
    expect(
      traced.calls[0]?.logs.map(({ address, topics, data }) => ({ address, topics, data })),
    ).to.deep.equal([transfer(A, FORWARDER), transfer(FORWARDER, B)]);
    expect((await one({ stateOverrides, calls })).calls[0]?.logs).to.deep.equal([]);
  });

  it("simulates on older and on pending blocks", async () => {
    const call = { from: A, to: COUNTER };
    const [older] = await simulate([{ calls: [{ from: A, to: B, value: "0x1" }] }], {}, "earliest");
    expect(older?.number).to.equal("0x1");
    await ask("evm_setAutomine", false);
    const hash = await ask("eth_sendTransaction", { ...call, gas: "0x30d40" });
    const [pending] = await simulate([{ calls: [call] }], {}, "pending");
    expect(pending?.calls[0]?.returnData).to.equal(word(2));
    await ask("hardhat_dropTransaction", hash);
    await ask("evm_setAutomine", true);
  });

  it("loads what a fork's remote has, also the hashes of its blocks", async () => {
    const remote = await Anvil.start();
    const ancestor = at(0xc006);
    try {
      await remote.request("anvil_setCode", COUNTER, CODES[COUNTER]);
      await remote.request("anvil_setStorageAt", COUNTER, word(0), word(0x20));
      // the hash of the block two before, and of the one before
      const hashes = `0x2 NUMBER SUB BLOCKHASH 0x0 MSTORE 0x1 NUMBER SUB BLOCKHASH 0x20 MSTORE`;
      await remote.request("anvil_setCode", ancestor, code(`${hashes} 0x40 0x0 RETURN`));
      await remote.request("anvil_mine", "0x3");
      const hashOf = async (number: string): Promise<string> => {
        const block = await remote.request("eth_getBlockByNumber", number, false);
        return (block as { hash: string }).hash.slice(2); // its format
      };
      const fork = await startForked({ url: remote.url, blockNumber: 3, hardfork: "prague" });
      const calls = [
        { from: A, to: COUNTER },
        { from: A, to: ancestor },
      ];
      const params = [{ blockStateCalls: [{ calls }, { calls }] }, "latest"];
      const blocks = (await fork.request({
        method: "eth_simulateV1",
        params,
      })) as SimulatedBlock[]; // its format
      await fork.close();
      const latestHash = await hashOf("0x3");
      expect(blocks.map((block) => block.calls.map(({ returnData }) => returnData))).to.deep.equal([
        [word(0x21), `0x${await hashOf("0x2")}${latestHash}`],
        [word(0x22), `0x${latestHash}${blocks[0]?.hash.slice(2)}`],
      ]);
    } finally {
      await remote.stop();
    }
  });

  describe("refuses with the codes of the specification", () => {
    const funded = { from: A, to: B, maxFeePerGas: "0x77359400" };
    const cases: readonly (readonly [string, number, readonly object[], object])[] = [
      ["a used nonce", -38010, [{ calls: [{ ...funded, nonce: "0x0" }] }], { validation: true }],
      [
        "a nonce too high",
        -38011,
        [{ calls: [{ ...funded, nonce: "0x9" }] }],
        { validation: true },
      ],
      ["no fee", -38012, [{ calls: [{ from: A, to: B }] }], { validation: true }],
      ["too little gas", -38013, [{ calls: [{ from: A, to: B, gas: "0x5207" }] }], {}],
      ["too little ether", -38014, [{ calls: [{ from: POOR, to: B, value: "0x1" }] }], {}],
      ["more gas than the block has", -38015, [{ calls: [{ from: A, gas: "0xffffffffff" }] }], {}],
      ["a block that exists", -38020, [{ blockOverrides: { number: "0x1" } }], {}],
      ["a time that has passed", -38021, [{ blockOverrides: { time: "0x1" } }], {}],
      [
        "init code that is too long",
        -38025,
        [{ calls: [{ from: A, data: `0x${"00".repeat(49_153)}` }] }],
        {},
      ],
      ["too many blocks", -38026, [{ blockOverrides: { number: "0x200" } }], {}],
      ["nothing to do", -32602, [], {}],
      [
        "a moved precompile",
        -32602,
        [{ stateOverrides: { [at(1)]: { movePrecompileToAddress: B } } }],
        {},
      ],
    ];
    for (const [name, expected, blocks, options] of cases) {
      it(`${name}: ${expected}`, async () => {
        const used = name === "a used nonce" ? { [A]: { nonce: "0x3" } } : undefined;
        const given = blocks.map((block) =>
          used === undefined ? block : { ...block, stateOverrides: used },
        );
        expect((await refusal(given, options)).code).to.equal(expected);
      });
    }

    it("but takes any nonce and no fee without validation", async () => {
      const { calls } = await one({ calls: [{ from: A, to: B, nonce: "0x9" }] });
      expect(calls[0]).to.include({ status: "0x1", gasUsed: "0x5208" });
    });
  });
});
