/** Access logs of many transactions on the benchmark's contract, executed by our executor. */
import { Interface, toBeHex } from "ethers";
import type { TransactionRecord } from "../src/access-log/block-record";
import { createRecorder } from "../src/access-log/recorder";
import { writeRecords } from "../src/chain/access-record";
import { createEngine } from "../src/execution/engine/engine-choice";
import { SequentialExecutor } from "../src/execution/sequential-executor";
import type { TransactionInput } from "../src/execution/transaction";
import { bytesToHex, hexToBytes } from "../src/state/bytes";
import type { Address, Hash, Hex } from "../src/state/hex";
import { createSharedStateStore } from "../src/state/shared-state-store";
import { compileBench } from "./contracts";
import { CHAIN_ID, GENESIS_TIMESTAMP } from "./workload";

const ABI = new Interface([
  "function fund(address[] accounts, uint256 amount)",
  "function transfer(address to, uint256 amount)",
  "function count(uint256 amount)",
]);
const USERS = 997;
const PER_BLOCK = 250;
/** One call in so many goes to the shared counter. */
const SHARED = 8;
const ZERO: Hash = `0x${"00".repeat(32)}`;
const COINBASE: Address = `0x${"c0".repeat(20)}`;

function user(index: number): Address {
  return toBeHex(0x1000_0000_0000 + (index % USERS), 20) as Address; // ethers types hex as string
}

function input(from: Address, to: Address | null, nonce: bigint, data: string): TransactionInput {
  return {
    type: 0,
    hash: ZERO,
    from,
    to,
    nonce,
    gasLimit: 10_000_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    value: 0n,
    data: hexToBytes(data as Hex), // ethers types hex as string
    accessList: [],
    blobVersionedHashes: [],
    maxFeePerBlobGas: 0n,
    authorizationList: [],
  };
}

/** Writes a log of so many calls (and a deployment and the calls that fund users) and gives its path. */
export async function makeLog(directory: string, transactions: number): Promise<string> {
  const store = createSharedStateStore();
  const executor = new SequentialExecutor(createEngine("fast"));
  const recorder = createRecorder({
    directory,
    header: {
      format: 1,
      tool: "bench",
      toolVersion: "0",
      chainId: BigInt(CHAIN_ID),
      source: `${transactions} calls`,
    },
  });
  const nonces = new Map<Address, bigint>();
  const next = (from: Address): bigint => {
    const nonce = nonces.get(from) ?? 0n;
    nonces.set(from, nonce + 1n);
    return nonce;
  };
  let number = 0n;
  const mine = async (block: readonly TransactionInput[]): Promise<Address | null> => {
    number++;
    const { outcomes, stopped, observed } = await executor.execute(
      {
        environment: {
          rules: {
            chainId: BigInt(CHAIN_ID),
            hardfork: "cancun",
            allowUnlimitedContractSize: false,
            transactionGasCap: null,
          },
          number,
          timestamp: BigInt(GENESIS_TIMESTAMP) + number,
          coinbase: COINBASE,
          gasLimit: 10n ** 12n,
          baseFeePerGas: 0n,
          difficulty: 0n,
          prevRandao: ZERO,
          excessBlobGas: 0n,
          parentBeaconBlockRoot: ZERO,
          parentHash: ZERO,
          blockHashes: new Map(),
        },
        transactions: block,
        gasAvailable: 10n ** 12n,
        trace: true,
      },
      store,
    );
    if (stopped !== undefined) {
      throw new Error(`transaction ${stopped.index} was not executed: ${stopped.error.kind}`);
    }
    const records = outcomes.map((outcome, transactionIndex): TransactionRecord => {
      const sent = block[transactionIndex];
      if (sent === undefined || outcome.status === 0) {
        throw new Error(`transaction ${transactionIndex} of block ${number} failed`);
      }
      const writes = writeRecords(outcome, store);
      store.apply(outcome.writes);
      const { hash, type, from, to, nonce, value, gasLimit } = sent;
      const deployed = outcome.writes.writes.flatMap((write) => {
        const code = write.kind === "code" ? outcome.writes.codes.get(write.codeHash) : undefined;
        return write.kind === "code" && code !== undefined
          ? [{ address: write.address, codeHash: write.codeHash, code: bytesToHex(code) }]
          : [];
      });
      const { createdAddress, status, gasUsed, gasBeforeRefund, intrinsicGas, reads, trace } =
        outcome;
      return {
        ...{ transactionIndex, hash, type, from, to, nonce, value, gasLimit, createdAddress },
        ...{ status, gasUsed, gasBeforeRefund, intrinsicGas, reads, writes, trace, deployed },
      };
    });
    recorder.record({
      number,
      timestamp: BigInt(GENESIS_TIMESTAMP) + number,
      coinbase: COINBASE,
      hardfork: "cancun",
      gasLimit: 10n ** 12n,
      gasUsed: outcomes.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
      segment: 0,
      transactions: records,
      observed,
      rootCheck: null,
    });
    return outcomes[0]?.createdAddress ?? null;
  };

  const deployer = user(0);
  const contract = await mine([input(deployer, null, next(deployer), compileBench())]);
  for (let from = 0; from < USERS; from += 100) {
    const accounts = Array.from({ length: 100 }, (_, i) => user(from + i));
    const data = ABI.encodeFunctionData("fund", [accounts, 10n ** 18n]);
    await mine([input(deployer, contract, next(deployer), data)]);
  }
  for (let first = 0; first < transactions; first += PER_BLOCK) {
    const size = Math.min(PER_BLOCK, transactions - first);
    await mine(
      Array.from({ length: size }, (_, i) => {
        const at = first + i;
        const from = user(at);
        const data =
          at % SHARED === 0
            ? ABI.encodeFunctionData("count", [BigInt((at % 5) + 1)])
            : ABI.encodeFunctionData("transfer", [user(at * 7 + 3), BigInt((at % 9) + 1)]);
        return input(from, contract, next(from), data);
      }),
    );
  }
  const { path } = recorder;
  await recorder.close();
  return path;
}
