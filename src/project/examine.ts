/**
 * What mined transactions did, from the network's record of their blocks, with names.
 *
 * The records are made on demand (parallel_getBlockRecord), so that a project's tests run at full
 * speed until something is asserted. Names rest on the blocks that are asked for and on the code of
 * the contracts in them; keys are shown in full, without labels of accounts.
 *
 * Owns: asking the network. Does not own: conflicts and names (analysis/).
 */
import type { BlockRecord } from "../access-log/block-record";
import { decodeBlock, fromBytes } from "../access-log/codec";
import { NamedConflicts, type NamedConflictsOptions } from "../analysis/named-conflicts";
import { createNaming } from "../analysis/naming/naming";
import { NamingEvidence } from "../analysis/naming/naming-evidence";
import { WorkloadBuilder } from "../analysis/workload-builder";
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import { hexToBytes } from "../state/bytes";
import type { Address, Hash, Hex } from "../state/hex";
import { currentProject, type Project } from "./project";

/** A receipt as JSON-RPC gives it: quantities are hex strings. */
export interface JsonReceipt {
  readonly transactionHash: Hash;
  readonly blockNumber: Hex;
  readonly transactionIndex: Hex;
  readonly status?: Hex;
  readonly from: Address;
  readonly to: Address | null;
  readonly contractAddress: Address | null;
  readonly gasUsed: Hex;
  readonly [field: string]: unknown;
}

export interface Examined {
  /** by place in the list that was asked for */
  readonly receipts: readonly JsonReceipt[];
  /** place in `named`, which is in the order of the chain, by place in the list */
  readonly places: readonly number[];
  readonly named: NamedConflicts;
}

/**
 * Examines transactions as one window, in the order in which they were mined.
 * @throws ParallelError PROJECT_MISSING, PROJECT_NOT_PARALLEL, TRANSACTION_NOT_MINED,
 * TRANSACTION_GIVEN_TWICE, and what reading the project's artifacts throws
 */
export async function examine(
  hashes: readonly Hash[],
  options: NamedConflictsOptions = {},
): Promise<Examined> {
  const project = currentProject();
  const twice = hashes.find((hash, i) => hashes.indexOf(hash) !== i);
  if (twice !== undefined) {
    throw new ParallelError(ERRORS.TRANSACTION_GIVEN_TWICE, { hash: twice });
  }
  const receipts = await Promise.all(hashes.map((hash) => receiptOf(project, hash)));
  const numbers = [...new Set(receipts.map(({ blockNumber }) => BigInt(blockNumber)))].sort(
    (a, b) => (a < b ? -1 : 1),
  );
  const wanted = new Set(hashes);
  const builder = new WorkloadBuilder();
  const evidence = new NamingEvidence();
  const order: Hash[] = [];
  for (const number of numbers) {
    const record = await recordOf(project, number);
    const transactions = record.transactions.filter(({ hash }) => wanted.has(hash));
    builder.add({ ...record, transactions });
    order.push(...transactions.map(({ hash }) => hash));
    evidence.add(record);
    await addCodes(project, record, evidence);
  }
  const naming = createNaming({
    metadata: await project.contracts(),
    evidence,
    ...(project.slotResolver === null ? {} : { slotResolver: project.slotResolver }),
  });
  return {
    receipts,
    places: hashes.map((hash) => order.indexOf(hash)),
    named: new NamedConflicts(builder.workload(), naming, options),
  };
}

async function receiptOf(project: Project, hash: Hash): Promise<JsonReceipt> {
  // what the method answers
  const receipt = (await project.request("eth_getTransactionReceipt", [
    hash,
  ])) as JsonReceipt | null;
  if (receipt === null) {
    throw new ParallelError(ERRORS.TRANSACTION_NOT_MINED, { hash });
  }
  return receipt;
}

async function recordOf(project: Project, number: bigint): Promise<BlockRecord> {
  const text = await project.request("parallel_getBlockRecord", [`0x${number.toString(16)}`]);
  return fromBytes(hexToBytes(text as Hex), decodeBlock); // of a block that a receipt names
}

/** The codes that ran in the block, as far as their accounts still have them. */
async function addCodes(
  project: Project,
  record: BlockRecord,
  evidence: NamingEvidence,
): Promise<void> {
  const unknown = new Set<Address>();
  for (const { trace } of record.transactions) {
    for (const { kind, codeAddress, codeHash } of trace.frames) {
      if (kind !== "create" && kind !== "create2" && evidence.code(codeHash) === undefined) {
        unknown.add(codeAddress);
      }
    }
  }
  const block = `0x${record.number.toString(16)}`;
  for (const address of unknown) {
    const code = (await project.request("eth_getCode", [address, block])) as Hex; // its answer
    if (code !== "0x") {
      evidence.addCodeAt(address, code);
    }
  }
}
