import { expect } from "chai";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { InvalidTransaction } from "../../src/execution/invalid-transaction";
import type { BlockEnvironment, TransactionInput } from "../../src/execution/transaction";
import { executeTransaction } from "../../src/execution/transaction-processing";
import type { Address, Hash } from "../../src/state/hex";
import { environment, rules, transaction } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";

const ALICE: Address = "0xa11ce00000000000000000000000000000000000";
const BOB: Address = "0xb0b0000000000000000000000000000000000000";
const BLOB: Hash = `0x01${"00".repeat(31)}`;
const engine = new EthereumjsEngine();

async function errorOf(
  changes: Partial<TransactionInput>,
  block: BlockEnvironment = environment("osaka"),
  sender: AccountDescription = { balance: 10n ** 18n },
): Promise<InvalidTransaction | null> {
  const view = new IncarnationView(new BlockOverlay(new MapState({ [ALICE]: sender })), false);
  const execution = await executeTransaction(
    engine,
    view,
    transaction(ALICE, { to: BOB, ...changes }),
    block,
  );
  if (!execution.ok) {
    expect(view.writeSet().writes, "an invalid transaction writes nothing").to.deep.equal([]);
  }
  return execution.ok ? null : execution.error;
}

describe("validity of a transaction", () => {
  it("a plain transfer is valid", async () => {
    expect(await errorOf({})).to.equal(null);
  });

  it("NonceTooLow and NonceTooHigh name both nonces", async () => {
    const sender = { balance: 10n ** 18n, nonce: 5n };
    expect(await errorOf({ nonce: 4n }, undefined, sender)).to.deep.equal({
      kind: "NonceTooLow",
      expected: 5n,
      actual: 4n,
    });
    expect(await errorOf({ nonce: 6n }, undefined, sender)).to.deep.equal({
      kind: "NonceTooHigh",
      expected: 5n,
      actual: 6n,
    });
  });

  it("InsufficientFunds counts gas limit at the maximal fee, value and blobs", async () => {
    // 1,000,000 gas * 10 wei + 5 wei
    expect(await errorOf({ value: 5n }, undefined, { balance: 10_000_004n })).to.deep.equal({
      kind: "InsufficientFunds",
      required: 10_000_005n,
      balance: 10_000_004n,
    });
    // one blob of 131,072 gas * 2 wei more
    const blob = { type: 3, maxFeePerBlobGas: 2n, blobVersionedHashes: [BLOB] } as const;
    expect(await errorOf(blob, undefined, { balance: 10_262_143n })).to.deep.include({
      kind: "InsufficientFunds",
      required: 10_262_144n,
    });
    expect(await errorOf(blob, undefined, { balance: 10_262_144n })).to.equal(null);
  });

  it("IntrinsicGas: 21,000, 16 per non-zero byte, 4 per zero byte", async () => {
    const data = Uint8Array.of(1, 0, 2);
    expect(await errorOf({ data, gasLimit: 21_035n }, environment("cancun"))).to.deep.equal({
      kind: "IntrinsicGas",
      required: 21_036n,
      gasLimit: 21_035n,
    });
    expect(await errorOf({ data, gasLimit: 21_036n }, environment("cancun"))).to.equal(null);
  });

  it("GasFloor: 10 per token from Prague on (EIP-7623)", async () => {
    // 9 tokens: two non-zero bytes of 4 and one zero byte
    const data = Uint8Array.of(1, 0, 2);
    expect(await errorOf({ data, gasLimit: 21_089n }, environment("prague"))).to.deep.equal({
      kind: "GasFloor",
      required: 21_090n,
      gasLimit: 21_089n,
    });
  });

  it("ExceedsTransactionGasCap (EIP-7825)", async () => {
    expect(await errorOf({ gasLimit: 16_777_217n })).to.deep.equal({
      kind: "ExceedsTransactionGasCap",
      cap: 16_777_216n,
      gasLimit: 16_777_217n,
    });
  });

  it("FeeBelowBaseFee and PriorityAboveMaxFee (EIP-1559)", async () => {
    expect(await errorOf({ maxFeePerGas: 6n, maxPriorityFeePerGas: 6n })).to.deep.equal({
      kind: "FeeBelowBaseFee",
      baseFeePerGas: 7n,
      maxFeePerGas: 6n,
    });
    expect(await errorOf({ type: 2, maxFeePerGas: 8n, maxPriorityFeePerGas: 9n })).to.deep.include({
      kind: "PriorityAboveMaxFee",
    });
  });

  it("SenderHasCode (EIP-3607), but not for a delegation (EIP-7702) nor where it is off", async () => {
    const balance = 10n ** 18n;
    expect(await errorOf({}, undefined, { balance, code: "0x00" })).to.deep.equal({
      kind: "SenderHasCode",
    });
    const delegated = { balance, code: `0xef0100${"00".repeat(20)}` } as const;
    expect(await errorOf({}, undefined, delegated)).to.equal(null);
    const off = environment("osaka", { rules: rules("osaka", { allowSenderWithCode: true }) });
    expect(await errorOf({}, off, { balance, code: "0x00" })).to.equal(null);
  });

  it("InitCodeTooLarge (EIP-3860), unless contract size is unlimited", async () => {
    const data = new Uint8Array(49_153);
    expect(await errorOf({ to: null, data })).to.deep.equal({
      kind: "InitCodeTooLarge",
      size: 49_153,
      limit: 49_152,
    });
    const unlimited = environment("osaka", {
      rules: rules("osaka", { allowUnlimitedContractSize: true }),
    });
    expect(await errorOf({ to: null, data }, unlimited)).to.equal(null);
  });

  it("NonceOverflow (EIP-2681)", async () => {
    const nonce = 2n ** 64n - 1n;
    expect(await errorOf({ nonce }, undefined, { balance: 10n ** 18n, nonce })).to.deep.equal({
      kind: "NonceOverflow",
    });
  });

  it("TypeNotSupported before its fork", async () => {
    for (const [type, before] of [
      [1, "istanbul"],
      [2, "berlin"],
      [3, "shanghai"],
      [4, "cancun"],
    ] as const) {
      expect(await errorOf({ type }, environment(before))).to.deep.equal({
        kind: "TypeNotSupported",
        type,
        hardfork: before,
      });
    }
  });

  it("blob transactions: fee, number, version, recipient (EIP-4844, EIP-7594)", async () => {
    const blob = { type: 3, maxFeePerBlobGas: 1n, blobVersionedHashes: [BLOB] } as const;
    // excess blob gas of 10,000,000: 1 * e ** (10,000,000 / 5,007,716) = 7.37, rounded down
    const expensive = environment("osaka", { excessBlobGas: 10_000_000n });
    expect(await errorOf(blob, expensive)).to.deep.equal({
      kind: "BlobFeeTooLow",
      blobBaseFee: 7n,
      maxFeePerBlobGas: 1n,
    });
    for (const broken of [
      { blobVersionedHashes: [] },
      { blobVersionedHashes: Array.from({ length: 7 }, () => BLOB) },
      { blobVersionedHashes: [`0x02${"00".repeat(31)}`] as const },
      { to: null },
    ]) {
      expect(await errorOf({ ...blob, ...broken })).to.deep.include({
        kind: "MalformedBlobTransaction",
      });
    }
  });

  it("set-code transactions need a recipient and an authorization (EIP-7702)", async () => {
    const authorization = { chainId: 0n, address: BOB, nonce: 0n, authority: null };
    expect(await errorOf({ type: 4 })).to.deep.include({ kind: "MalformedSetCodeTransaction" });
    expect(
      await errorOf({ type: 4, to: null, authorizationList: [authorization] }),
    ).to.deep.include({ kind: "MalformedSetCodeTransaction" });
    expect(await errorOf({ type: 4, authorizationList: [authorization] })).to.equal(null);
  });

  it("an unknown hardfork is refused with the list of known ones", async () => {
    let code: string | undefined;
    await errorOf({}, environment("bogota")).catch((error: { code: string }) => {
      code = error.code;
    });
    expect(code).to.equal("HHP201");
  });
});
