/**
 * Blob transactions (EIP-4844) in made-up blocks: valid ones, and others for each reason to refuse one. They
 * are drawn when all else of a block is, so that the rest of it is what its seed gave without them.
 */
import { blobBaseFee } from "../../../src/execution/blob-gas";
import { forkRules } from "../../../src/execution/fork-rules";
import type { TransactionInput } from "../../../src/execution/transaction";
import type { Hash } from "../../../src/state/hex";
import type { MapState } from "../map-state";
import { CodeBuilder } from "./code-builder";
import type { Random } from "./random";
import { CONTRACTS } from "./scene";
import type { BlockProgram, TransactionDraft } from "./set-code-programs";

/** blob gas above the target in earlier blocks: the price is 1 wei, some wei, thousands, more than anybody has */
const EXCESS: readonly bigint[] = [0n, 0n, 10_000_000n, 40_000_000n, 150_000_000n, 600_000_000n];
/** blobs (EIP-7594) */
const MOST_OF_ONE = 6;

type Flaw = "no blobs" | "too many" | "version" | "low fee" | "beyond balance" | "creation";
const FLAWS: readonly Flaw[] = [
  "no blobs",
  "too many",
  "version",
  "low fee",
  "beyond balance",
  "creation",
];

/** Some transactions of fee markets carry blobs now, and mostly a code looks at them. */
export function withBlobs(random: Random, program: BlockProgram): BlockProgram {
  if (random.once(2)) {
    return program;
  }
  const environment = { ...program.environment, excessBlobGas: random.pick(EXCESS) };
  const price = blobBaseFee(environment, forkRules(environment.rules)) ?? 0n;
  if (random.once(2)) {
    showBlobs(random, program.state);
  }
  return {
    ...program,
    environment,
    transactions: program.transactions.map((draft) =>
      draft.transaction.type === 2 && !random.once(4) ? carryBlobs(random, draft, price) : draft,
    ),
  };
}

/** @param price wei per blob gas */
function carryBlobs(random: Random, draft: TransactionDraft, price: bigint): TransactionDraft {
  const flaw = random.once(8) ? random.pick(FLAWS) : null;
  const { transaction } = draft;
  const changes: Partial<TransactionInput> = {
    type: 3,
    to: flaw === "creation" ? null : (transaction.to ?? random.pick(CONTRACTS)),
    blobVersionedHashes: random.times(blobsOf(random, flaw), (index) =>
      hashOf(random, flaw === "version" && index === 0),
    ),
    maxFeePerBlobGas: feeOf(random, flaw, price),
  };
  return { ...draft, transaction: { ...transaction, ...changes } };
}

function blobsOf(random: Random, flaw: Flaw | null): number {
  switch (flaw) {
    case "no blobs":
      return 0;
    case "too many":
      return MOST_OF_ONE + 1 + random.below(4);
    default:
      return random.once(4) ? MOST_OF_ONE : 1 + random.below(3);
  }
}

function hashOf(random: Random, hasOtherVersion: boolean): Hash {
  // decimal digits: @ethereumjs/tx takes others for such
  const version = hasOtherVersion ? random.pick(["00", "02", "10"]) : "01";
  return `0x${version}${Buffer.from(random.bytes(31)).toString("hex")}`;
}

function feeOf(random: Random, flaw: Flaw | null, price: bigint): bigint {
  switch (flaw) {
    case "low fee":
      return price - 1n;
    case "beyond balance":
      return price + 10n ** 18n;
    default:
      return price + BigInt(random.pick([0, 1, 1_000]));
  }
}

/** One of the contracts keeps hashes of blobs, the ones that are not there too, and the price of blob gas. */
function showBlobs(random: Random, state: MapState): void {
  const account = state.accounts.get(random.pick(CONTRACTS));
  if (account === undefined) {
    throw new Error("expected a state with the contracts of made-up scenes");
  }
  const code = new CodeBuilder();
  for (let left = 1 + random.below(4); left > 0; left--) {
    if (random.once(4)) {
      code.op(0x4a);
    } else {
      code.push(random.once(5) ? random.word() : random.below(7)).op(0x49);
    }
    code.push(random.below(6)).op(0x55);
  }
  // an inner frame sees the same
  code.push(0, 0, 0, 0, 0, BigInt(random.pick(CONTRACTS)), 60_000).op(0xf1, 0x00);
  account.codeHash = state.addCode(code.build());
}
