import { expect } from "chai";
import { hexToBytes } from "../../src/state/bytes";
import type { Address, Hash, Hex } from "../../src/state/hex";
import { NetworkPair } from "./network-pair";

const FIRST: Address = "0x00000000000000000000000000000000000000c1";
const SECOND: Address = "0x00000000000000000000000000000000000000c2";
/** Two logs: topics (calldata word 0) and (calldata word 0, calldata word 1), no data. */
const EMITTER: Hex = "0x60003560006000a160203560003560006000a200";
const word = (value: number): Hash => `0x${value.toString(16).padStart(64, "0")}`;

interface StockLog {
  readonly blockNumber: string;
  readonly transactionIndex: string;
  readonly logIndex: string;
  readonly address: Address;
  readonly topics: readonly Hash[];
}

describe("logs beside the stock network", () => {
  it("are found by range, address and topics at their positions", async () => {
    const pair = await NetworkPair.start({ automine: false });
    for (const address of [FIRST, SECOND]) {
      await pair.rpc("hardhat_setCode", address, EMITTER);
      await pair.chain.setCode(address, hexToBytes(EMITTER));
    }
    let nonce = 0n;
    for (const calls of [
      [
        [FIRST, 1, 2],
        [SECOND, 1, 3],
      ],
      [],
      [[FIRST, 4, 2]],
      [
        [SECOND, 4, 4],
        [SECOND, 1, 2],
      ],
    ] as const) {
      for (const [to, a, b] of calls) {
        const data = hexToBytes(`${word(a)}${word(b).slice(2)}`);
        await pair.send(0, { nonce: nonce++, to, data });
      }
      await pair.mineAndCompare();
    }
    const topicFilters: (readonly Hash[] | null)[][] = [
      [],
      [null],
      [null, null],
      [null, null, null],
      [[word(1)]],
      [[word(1), word(4)]],
      [[word(1)], [word(2)]],
      [null, [word(2), word(3)]],
      [[word(9)]],
    ];
    for (const topics of topicFilters) {
      for (const addresses of [[], [FIRST], [FIRST, SECOND], [`0x${"ee".repeat(20)}` as const]]) {
        for (const [fromBlock, toBlock] of [
          [0n, 4n],
          [2n, 3n],
          [4n, 4n],
          [3n, 2n],
        ] as const) {
          const theirs = await pair.rpc<StockLog[]>("eth_getLogs", {
            fromBlock: `0x${fromBlock.toString(16)}`,
            toBlock: `0x${toBlock.toString(16)}`,
            ...(addresses.length === 0 ? {} : { address: addresses }),
            topics,
          });
          const ours = pair.chain.logs({ fromBlock, toBlock, addresses, topics });
          expect(
            ours.map(({ log, blockNumber, transactionIndex, logIndex }) => [
              blockNumber,
              transactionIndex,
              logIndex,
              log.address,
              log.topics,
            ]),
            JSON.stringify(topics),
          ).to.deep.equal(
            theirs.map((log) => [
              BigInt(log.blockNumber),
              Number(log.transactionIndex),
              Number(log.logIndex),
              log.address,
              log.topics,
            ]),
          );
        }
      }
    }
  });
});
