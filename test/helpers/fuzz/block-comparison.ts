/**
 * A block of transactions on the reference engine, on every tier, and on @ethereumjs/vm's runTx.
 *
 * The engines share everything around a message (validity, authorizations, fees), so only runTx can say whether
 * that is right: it gets the authorizations as they were signed.
 */
import { isDeepStrictEqual } from "node:util";
import { EthereumJSError } from "@ethereumjs/rlp";
import { recoverAuthorizations } from "../../../src/chain/transaction-codec";
import { BlockOverlay } from "../../../src/execution/block-overlay";
import type { Engine } from "../../../src/execution/engine/engine";
import type { TransactionOutcome } from "../../../src/execution/outcome";
import { bytesToHex } from "../../../src/state/bytes";
import { differenceOf, runOn, type Scene } from "../engine-pair";
import type { ReferenceResult, ReferenceTransaction } from "../reference-transaction";
import { runReference } from "../reference-transaction";
import { signAuthorizations } from "./authorities";
import type { BlockProgram, TransactionDraft } from "./set-code-programs";

export interface BlockDifference {
  /** a tier's name, or "@ethereumjs/vm" */
  readonly tier: string;
  readonly gas: bigint;
  readonly text: string;
}

export interface BlockComparison {
  readonly differences: readonly BlockDifference[];
  readonly transactions: readonly ReferenceTransaction[];
  /** one for each transaction */
  readonly outcomes: readonly TransactionOutcome[];
  /** False: a transaction was invalid, and the block ended before it. */
  readonly isComplete: boolean;
}

interface NamedEngine {
  readonly tier: string;
  readonly engine: Engine;
}

/** Signs the drafts as their turn comes; compares each outcome, and the state after the block. */
export async function compareDrafts(
  reference: Engine,
  engines: readonly NamedEngine[],
  program: BlockProgram,
): Promise<BlockComparison> {
  const transactions: ReferenceTransaction[] = [];
  const overlay = new BlockOverlay(program.state);
  for (const draft of program.transactions) {
    const transaction = complete(draft, overlay);
    const execution = await runOn(reference, sceneOf(program, overlay, transaction));
    transactions.push(transaction);
    if (!execution.ok) {
      break;
    }
    overlay.apply(execution.outcome.writes);
  }
  return compareBlock(reference, engines, program, transactions);
}

function complete(
  { transaction, authorizations }: TransactionDraft,
  overlay: BlockOverlay,
): ReferenceTransaction {
  const { from } = transaction;
  const signedAuthorizations = signAuthorizations(
    authorizations,
    (authority) => overlay.nonce(authority) + (authority === from ? 1n : 0n),
  );
  return {
    ...transaction,
    nonce: overlay.nonce(from),
    authorizationList: recoverAuthorizations(signedAuthorizations),
    signedAuthorizations,
  };
}

export async function compareBlock(
  reference: Engine,
  engines: readonly NamedEngine[],
  program: BlockProgram,
  transactions: readonly ReferenceTransaction[],
): Promise<BlockComparison> {
  const differences: BlockDifference[] = [];
  const overlays = engines.map(() => new BlockOverlay(program.state));
  const differing = new Set<string>();
  const own = new BlockOverlay(program.state);
  const outcomes: TransactionOutcome[] = [];
  for (const transaction of transactions) {
    const expected = await runOn(reference, sceneOf(program, own, transaction));
    for (const [index, { tier, engine }] of engines.entries()) {
      const overlay = overlays[index];
      if (overlay === undefined || differing.has(tier)) {
        continue;
      }
      const actual = await runOn(engine, sceneOf(program, overlay, transaction));
      const text = differenceOf(expected, actual);
      if (text !== null) {
        differences.push({ tier, gas: transaction.gasLimit, text });
        differing.add(tier);
      } else if (actual.ok) {
        overlay.apply(actual.outcome.writes);
      }
    }
    if (!expected.ok) {
      break;
    }
    own.apply(expected.outcome.writes);
    outcomes.push(expected.outcome);
  }
  const valid = transactions.slice(0, outcomes.length);
  const isComplete = valid.length === transactions.length;
  const next = transactions.slice(0, valid.length + 1);
  const text =
    (await differenceFromRunTx(program, valid, outcomes)) ??
    (isComplete || typeof (await resultsOf(program, next)) === "string"
      ? null
      : `runTx takes transaction ${valid.length}, which we refuse`);
  const gas = valid.at(-1)?.gasLimit ?? 0n;
  if (text !== null) {
    differences.push({ tier: "@ethereumjs/vm", gas, text });
  }
  return { differences, transactions: valid, outcomes, isComplete };
}

function sceneOf(
  { environment, trace }: BlockProgram,
  state: BlockOverlay,
  transaction: ReferenceTransaction,
): Scene {
  return { state, transaction, environment, trace };
}

/** Of runTx, or why it refuses one of the transactions. */
async function resultsOf(
  { state, environment }: BlockProgram,
  transactions: readonly ReferenceTransaction[],
): Promise<readonly ReferenceResult[] | string> {
  try {
    return await runReference(state, environment, transactions);
  } catch (error) {
    if (error instanceof EthereumJSError) {
      return error.message;
    }
    throw error;
  }
}

async function differenceFromRunTx(
  program: BlockProgram,
  transactions: readonly ReferenceTransaction[],
  outcomes: readonly TransactionOutcome[],
): Promise<string | null> {
  const expected = await resultsOf(program, transactions);
  if (typeof expected === "string") {
    return `runTx refuses a transaction that we take: ${expected}`;
  }
  const after = program.state.copy();
  for (const [index, outcome] of outcomes.entries()) {
    after.apply(outcome.writes);
    const want = expected[index];
    const got: ReferenceResult = {
      gasUsed: outcome.gasUsed,
      failed: outcome.status === 0,
      logs: outcome.logs,
      returnData: bytesToHex(outcome.returnData),
      stateRoot: await after.stateRoot(),
      blockGas: outcome.blockGas ?? null,
      blobGasUsed: outcome.blobGasUsed,
    };
    for (const key of Object.keys(got) as (keyof ReferenceResult)[]) {
      if (!isDeepStrictEqual(want?.[key], got[key])) {
        return `${key} of transaction ${index}: runTx has ${show(want?.[key])}, ours ${show(got[key])}`;
      }
    }
  }
  return null;
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "bigint" ? item.toString() : item,
  );
}
