/** ORIGIN and BLOBHASH: what messages that take turns on an engine say is their own, on each tier. */
import { expect } from "chai";
import { bytesToHex } from "../../../../src/state/bytes";
import type { Address, Hash } from "../../../../src/state/hex";
import { assemble, RETURN_TOP } from "../../../helpers/assembler";
import { runOn } from "../../../helpers/engine-pair";
import { environment, transaction } from "../../../helpers/environment";
import { tierEngines } from "../../../helpers/fuzz/campaign";
import { MapState } from "../../../helpers/map-state";

const SENDERS: readonly Address[] = [`0x${"5e".repeat(20)}`, `0x${"5f".repeat(20)}`];
const CONTRACT: Address = `0x${"c0".repeat(20)}`;
const ORIGIN = Uint8Array.of(0x32);
const BLOBHASH = Uint8Array.of(0x49);

describe("what code reads of its transaction", () => {
  const asked = async (
    engine: Parameters<typeof runOn>[0],
    from: Address,
    code: Uint8Array,
    hashes: readonly Hash[] = [],
  ): Promise<bigint> => {
    const execution = await runOn(engine, {
      state: new MapState({
        [from]: { balance: 10n ** 18n },
        // twice, of which the second counts
        [CONTRACT]: { code: Uint8Array.from([...code, ...code, ...assemble(RETURN_TOP)]) },
      }),
      transaction: transaction(from, {
        to: CONTRACT,
        ...(hashes.length === 0
          ? {}
          : { type: 3, blobVersionedHashes: hashes, maxFeePerBlobGas: 10n }),
      }),
      environment: environment("cancun"),
      trace: false,
    });
    return execution.ok ? BigInt(bytesToHex(execution.outcome.returnData)) : -1n;
  };

  it("is the sender of the transaction that asks", async () => {
    for (const { tier, engine } of tierEngines()) {
      for (const sender of [...SENDERS, ...SENDERS]) {
        expect(await asked(engine, sender, ORIGIN), tier).to.equal(BigInt(sender));
      }
    }
  });

  it("are its own blobs' hashes, and zeros beyond", async () => {
    const [one, two]: readonly Hash[] = [`0x01${"aa".repeat(31)}`, `0x01${"bb".repeat(31)}`];
    const [sender = CONTRACT] = SENDERS;
    for (const { tier, engine } of tierEngines()) {
      for (const hashes of [[one, two], [two]] as Hash[][]) {
        for (const index of [0n, 1n, 2n, 4095n, 4096n, 2n ** 64n, 2n ** 256n - 1n]) {
          const code = Uint8Array.from([...assemble(`0x${index.toString(16)}`), ...BLOBHASH]);
          const expected = index < 2n ? (hashes[Number(index)] ?? 0) : 0;
          const word = await asked(engine, sender, code, hashes);
          expect(word, `${tier}, ${index}`).to.equal(BigInt(expected));
        }
      }
    }
  });
});
