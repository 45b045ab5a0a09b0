/**
 * The remote's blocks, transactions, receipts and logs as the chain has its own.
 *
 * Owns: the translation, and what stands for fields that some nodes leave out. Does not own: asking
 * for them (remote-chain.ts). What a remote does not tell of a receipt (reads, writes, return data) is
 * empty, as in every receipt that a chain keeps.
 */
import type { AccessListItem, Withdrawal } from "../../execution/transaction";
import { hexToBytes } from "../../state/bytes";
import type { Hash, Hex } from "../../state/hex";
import { EMPTY_WRITE_SET } from "../../state/write-set";
import { EMPTY_UNCLES_HASH, headerNonce, ZERO_HASH } from "../block-header";
import type { BlockHeader, ChainBlock, ChainTransaction, Receipt } from "../chain";
import { knownTransaction, type UnsignedTransaction } from "../transaction-codec";
import type { Answer } from "./answer-reader";

/** Mainnet's at the merge (EIP-3675): for nodes that do not tell a block's any more, as in stock. */
const TERMINAL_TOTAL_DIFFICULTY = 58_750_000_000_000_000_000_000n;

const TYPES = [0, 1, 2, 3, 4] as const;
const BLOOM_BYTES = 256;

/** A block without receipts: `receipts` throws until they are asked for on their own. */
export function readBlock(answer: Answer, receipts: () => readonly Receipt[]): ChainBlock {
  const withdrawals = answer.field("withdrawals").optional((present) => present.list());
  const uncles = answer.field("uncles").optional((present) => present.list()) ?? [];
  return {
    header: readHeader(answer),
    size: Number(answer.field("size").optional((size) => size.quantity()) ?? 0n),
    transactions: answer.field("transactions").list().map(readTransaction),
    get receipts() {
      return receipts();
    },
    ...(withdrawals === undefined ? {} : { withdrawals: withdrawals.map(readWithdrawal) }),
    uncles: uncles.map((uncle) => uncle.hash()),
    reserved: false,
  };
}

function readHeader(answer: Answer): BlockHeader {
  const quantity = (name: string) => answer.field(name).quantity();
  const hash = (name: string) => answer.field(name).hash();
  const optional = <Name extends string, Value>(
    name: Name,
    read: (present: Answer) => Value,
  ): { [K in Name]?: Value } => {
    const value = answer.field(name).optional(read);
    // The one field of the object is named by the type's one key.
    return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value };
  };
  return {
    number: quantity("number"),
    hash: hash("hash"),
    parentHash: hash("parentHash"),
    nonce: answer.field("nonce").optional((nonce) => nonce.sized(8)) ?? headerNonce(true),
    mixHash: answer.field("mixHash").optional((mix) => mix.hash()) ?? ZERO_HASH,
    sha3Uncles: answer.field("sha3Uncles").optional((own) => own.hash()) ?? EMPTY_UNCLES_HASH,
    logsBloom: answer.field("logsBloom").sized(BLOOM_BYTES),
    transactionsRoot: hash("transactionsRoot"),
    stateRoot: hash("stateRoot"),
    receiptsRoot: hash("receiptsRoot"),
    miner: answer.field("miner").address(),
    difficulty: answer.field("difficulty").optional((own) => own.quantity()) ?? 0n,
    totalDifficulty:
      answer.field("totalDifficulty").optional((total) => total.quantity()) ??
      TERMINAL_TOTAL_DIFFICULTY,
    extraData: answer.field("extraData").bytes(),
    gasLimit: quantity("gasLimit"),
    gasUsed: quantity("gasUsed"),
    timestamp: quantity("timestamp"),
    ...optional("baseFeePerGas", (fee) => fee.quantity()),
    ...optional("withdrawalsRoot", (root) => root.hash()),
    ...optional("blobGasUsed", (gas) => gas.quantity()),
    ...optional("excessBlobGas", (gas) => gas.quantity()),
    ...optional("parentBeaconBlockRoot", (root) => root.hash()),
    ...optional("requestsHash", (requests) => requests.hash()),
  };
}

function readWithdrawal(answer: Answer): Withdrawal {
  return {
    index: answer.field("index").quantity(),
    validatorIndex: answer.field("validatorIndex").quantity(),
    address: answer.field("address").address(),
    amount: answer.field("amount").quantity(),
  };
}

function readTransaction(answer: Answer): ChainTransaction {
  const quantity = (name: string) => answer.field(name).quantity();
  const told = Number(answer.field("type").optional((type) => type.quantity()) ?? 0n);
  // A type that Ethereum does not have (a rollup's own) is shown as far as a legacy one goes.
  const type = TYPES.find((known) => known === told) ?? 0;
  const v = answer.field("v").optional((present) => present.quantity()) ?? 0n;
  const parity = answer.field("yParity").optional((present) => present.quantity()) ?? v % 2n;
  const chainId = answer.field("chainId").optional((id) => id.quantity()) ?? null;
  const unsigned: UnsignedTransaction = {
    type,
    chainId: type === 0 && (v === 27n || v === 28n) ? null : chainId,
    nonce: quantity("nonce"),
    gasLimit: quantity("gas"),
    to: answer.field("to").optional((to) => to.address()) ?? null,
    value: quantity("value"),
    data: hexToBytes(answer.field("input").bytes()),
    ...readFees(answer, type),
    accessList:
      answer.field("accessList").optional((list) => list.list().map(readAccessListItem)) ?? [],
    blobVersionedHashes:
      answer.field("blobVersionedHashes").optional((list) => list.list().map((h) => h.hash())) ??
      [],
    maxFeePerBlobGas: answer.field("maxFeePerBlobGas").optional((fee) => fee.quantity()) ?? 0n,
    signedAuthorizations:
      answer.field("authorizationList").optional((list) => list.list().map(readAuthorization)) ??
      [],
  };
  const signature: ChainTransaction["signature"] = {
    r: answer.field("r").optional((r) => r.quantity()) ?? 0n,
    s: answer.field("s").optional((s) => s.quantity()) ?? 0n,
    v,
    yParity: parity === 1n ? 1 : 0,
  };
  return knownTransaction(
    unsigned,
    signature,
    answer.field("from").address(),
    answer.field("hash").hash(),
  );
}

function readFees(
  answer: Answer,
  type: UnsignedTransaction["type"],
): Pick<UnsignedTransaction, "maxFeePerGas" | "maxPriorityFeePerGas"> {
  if (type >= 2) {
    return {
      maxFeePerGas: answer.field("maxFeePerGas").quantity(),
      maxPriorityFeePerGas: answer.field("maxPriorityFeePerGas").quantity(),
    };
  }
  const gasPrice = answer.field("gasPrice").optional((price) => price.quantity()) ?? 0n;
  return { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
}

function readAccessListItem(answer: Answer): AccessListItem {
  return {
    address: answer.field("address").address(),
    slots: answer
      .field("storageKeys")
      .list()
      .map((key) => key.quantity()),
  };
}

function readAuthorization(answer: Answer): ChainTransaction["signedAuthorizations"][number] {
  const parity = answer.field("yParity");
  return {
    chainId: answer.field("chainId").quantity(),
    address: answer.field("address").address(),
    nonce: answer.field("nonce").quantity(),
    yParity: (parity.isNull ? answer.field("v") : parity).quantity(),
    r: answer.field("r").quantity(),
    s: answer.field("s").quantity(),
  };
}

export interface RemoteReceipt {
  readonly blockHash: Hash;
  readonly receipt: Receipt;
}

export function readReceipt(answer: Answer): RemoteReceipt {
  const logs = answer.field("logs").list().map(readLog);
  const gasUsed = answer.field("gasUsed").quantity();
  return {
    blockHash: answer.field("blockHash").hash(),
    receipt: {
      transactionIndex: Number(answer.field("transactionIndex").quantity()),
      cumulativeGasUsed: answer.field("cumulativeGasUsed").quantity(),
      logsBloom: answer.field("logsBloom").sized(BLOOM_BYTES),
      firstLogIndex: logs[0]?.logIndex ?? 0,
      outcome: {
        // Before Byzantium receipts have a state root instead; such transactions are shown as successes.
        status: answer.field("status").optional((own) => own.quantity()) === 0n ? 0 : 1,
        gasUsed,
        gasBeforeRefund: gasUsed,
        intrinsicGas: 0n,
        blobGasUsed: answer.field("blobGasUsed").optional((gas) => gas.quantity()) ?? 0n,
        effectiveGasPrice:
          answer.field("effectiveGasPrice").optional((price) => price.quantity()) ?? 0n,
        returnData: new Uint8Array(0),
        logs: logs.map(({ address, topics, data }) => ({ address, topics, data })),
        createdAddress: answer.field("contractAddress").optional((own) => own.address()) ?? null,
        reads: [],
        writes: EMPTY_WRITE_SET,
        trace: { frames: [], accesses: [], preimages: [], transient: [] },
      },
    },
  };
}

export interface RemoteLog {
  readonly address: Hex;
  readonly topics: readonly Hash[];
  readonly data: Hex;
  readonly logIndex: number;
  readonly transactionIndex: number;
  readonly transactionHash: Hash;
  readonly blockHash: Hash;
  readonly blockNumber: bigint;
}

export function readLog(answer: Answer): RemoteLog {
  return {
    address: answer.field("address").address(),
    topics: answer
      .field("topics")
      .list()
      .map((topic) => topic.hash()),
    data: answer.field("data").bytes(),
    logIndex: Number(answer.field("logIndex").quantity()),
    transactionIndex: Number(answer.field("transactionIndex").quantity()),
    transactionHash: answer.field("transactionHash").hash(),
    blockHash: answer.field("blockHash").hash(),
    blockNumber: answer.field("blockNumber").quantity(),
  };
}
