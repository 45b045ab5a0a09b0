import { expect } from "chai";
import { SequentialExecutor } from "../../src/execution/sequential-executor";
import type { TransactionInput } from "../../src/execution/transaction";
import type { Address, Hash } from "../../src/state/hex";
import { assemble } from "../helpers/assembler";
import { COINBASE, environment, transaction } from "../helpers/environment";
import { MapState } from "../helpers/map-state";

const ALICE: Address = "0xa11ce00000000000000000000000000000000000";
const BOB: Address = "0xb0b0000000000000000000000000000000000000";
const ETHER = 10n ** 18n;
const BLOB: Hash = `0x01${"00".repeat(31)}`;

const transfer = (changes: Partial<TransactionInput> = {}): TransactionInput =>
  transaction(ALICE, { to: BOB, gasLimit: 21_000n, ...changes });

async function execute(transactions: TransactionInput[], gasAvailable = 30_000_000n) {
  return new SequentialExecutor().execute(
    { environment: environment("cancun"), transactions, gasAvailable, trace: false },
    new MapState({ [ALICE]: { balance: ETHER } }) as never, // only reads are used
  );
}

describe("sequential executor", () => {
  it("each transaction sees what the ones before it wrote, and says so", async () => {
    const { outcomes, stopped, observed } = await execute([
      transfer({ value: 5n }),
      transfer({ nonce: 1n, value: 6n }),
    ]);
    expect(stopped).to.equal(undefined);
    expect(observed).to.deep.include({ mode: "sequential", workers: 0, incarnations: [1, 1] });
    const origins = outcomes.map(({ reads }) =>
      reads.map(({ kind, origin }) => [kind, origin.transactionIndex]),
    );
    expect(origins).to.deep.equal([
      [
        ["nonce", -1],
        ["balance", -1],
        ["code", -1],
        ["code", -1],
      ],
      [
        ["nonce", 0],
        ["balance", 0],
        ["code", -1],
        ["code", -1],
      ],
    ]);
  });

  it("stops at the first invalid transaction; the outcomes before it stand", async () => {
    const { outcomes, stopped } = await execute([
      transfer(),
      transfer({ nonce: 5n }),
      transfer({ nonce: 1n }),
    ]);
    expect(outcomes).to.have.length(1);
    expect(stopped).to.deep.equal({
      index: 1,
      error: { kind: "NonceTooHigh", expected: 1n, actual: 5n },
    });
  });

  it("packs by gas used and refuses by gas limit", async () => {
    // the first uses 21,000 of its 100,000, so 79,000 are left of 100,000 for the second
    const fits = await execute(
      [transfer({ gasLimit: 100_000n }), transfer({ nonce: 1n, gasLimit: 79_000n })],
      100_000n,
    );
    expect(fits.stopped).to.equal(undefined);
    const full = await execute(
      [transfer({ gasLimit: 100_000n }), transfer({ nonce: 1n, gasLimit: 79_001n })],
      100_000n,
    );
    expect(full.stopped).to.deep.equal({
      index: 1,
      error: { kind: "ExceedsBlockGas", available: 79_000n, gasLimit: 79_001n },
    });
  });

  it("counts blob gas (6 blobs a block in Cancun)", async () => {
    const blobs = (nonce: bigint, count: number): TransactionInput =>
      transfer({
        type: 3,
        nonce,
        maxFeePerBlobGas: 1n,
        blobVersionedHashes: Array.from({ length: count }, () => BLOB),
      });
    const { outcomes, stopped } = await execute([blobs(0n, 4), blobs(1n, 2), blobs(2n, 1)]);
    expect(outcomes.map(({ blobGasUsed }) => blobGasUsed)).to.deep.equal([524_288n, 262_144n]);
    expect(stopped?.error).to.deep.equal({
      kind: "BlobGasExceeded",
      available: 0n,
      requested: 131_072n,
    });
  });

  it("a coinbase that reads its balance sees the fees of lower transactions", async () => {
    const state = new MapState({
      [ALICE]: { balance: ETHER },
      [BOB]: { code: assemble("COINBASE BALANCE 0x0 SSTORE STOP") },
    });
    const { outcomes } = await new SequentialExecutor().execute(
      {
        environment: environment("cancun"),
        transactions: [
          transaction(ALICE, { to: COINBASE, gasLimit: 21_000n }),
          transaction(ALICE, { to: BOB, nonce: 1n, gasLimit: 100_000n }),
        ],
        gasAvailable: 30_000_000n,
        trace: false,
      },
      state as never, // only reads are used
    );
    // 21,000 gas at a tip of 10 - 7 wei
    expect(outcomes[1]?.writes.writes).to.deep.include({
      kind: "storage",
      address: BOB,
      slot: 0n,
      value: 63_000n,
    });
  });
});
