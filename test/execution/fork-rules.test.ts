import { Common, Mainnet } from "@ethereumjs/common";
import { createTx, getCalldataFloorGas } from "@ethereumjs/tx";
import { expect } from "chai";
import fc from "fast-check";
import { fakeExponential } from "../../src/execution/blob-gas";
import { forkRules } from "../../src/execution/fork-rules";
import { intrinsicGas } from "../../src/execution/intrinsic-gas";
import { bigIntToHex32 } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { rules, transaction } from "../helpers/environment";
import { propertyParameters } from "../helpers/properties";

const FROM: Address = "0xbb00000000000000000000000000000000000000";
const TO: Address = "0xaa00000000000000000000000000000000000000";
const FORKS = [
  "chainstart",
  "homestead",
  "istanbul",
  "berlin",
  "london",
  "shanghai",
  "prague",
  "amsterdam",
];

describe("fork rules", () => {
  it("are one object for rules that say the same", () => {
    expect(forkRules(rules("cancun"))).to.equal(forkRules(rules("cancun")));
    expect(forkRules(rules("cancun"))).to.not.equal(forkRules(rules("prague")));
  });

  it("blob schedules are those of EIP-4844, EIP-7691, EIP-7892, or the given one", () => {
    const blobs = (fork: string) => forkRules(rules(fork)).blobs;
    expect(blobs("shanghai")).to.equal(null);
    expect(blobs("cancun")).to.deep.equal({
      maxPerBlock: 6,
      maxPerTransaction: 6,
      baseFeeUpdateFraction: 3_338_477n,
    });
    expect(blobs("prague")?.maxPerBlock).to.equal(9);
    expect(blobs("osaka")).to.deep.include({ maxPerBlock: 9, maxPerTransaction: 6 });
    expect(blobs("bpo1")?.maxPerBlock).to.equal(15);
    expect(blobs("bpo2")?.maxPerBlock).to.equal(21);
    const given = rules("bpo3", {
      blobSchedule: { target: 1, max: 2, baseFeeUpdateFraction: 3 },
    });
    expect(forkRules(given).blobs).to.deep.include({
      maxPerBlock: 2,
      baseFeeUpdateFraction: 3n,
    });
  });

  it("fakeExponential gives the values of EIP-4844's test table", () => {
    // ethereum/consensus-specs and go-ethereum, consensus/misc/eip4844, TestFakeExponential
    const table: [bigint, bigint, bigint, bigint][] = [
      [1n, 0n, 1n, 1n],
      [38493n, 0n, 1000n, 38493n],
      [0n, 1234n, 2345n, 0n],
      [1n, 2n, 1n, 6n],
      [1n, 4n, 2n, 6n],
      [1n, 3n, 1n, 16n],
      [1n, 6n, 2n, 18n],
      [1n, 4n, 1n, 49n],
      [1n, 8n, 2n, 50n],
      [10n, 8n, 2n, 542n],
      [11n, 8n, 2n, 596n],
      [1n, 5n, 1n, 136n],
      [1n, 5n, 2n, 11n],
      [2n, 5n, 2n, 23n],
      [1n, 50000000n, 2225652n, 5709098764n],
    ];
    for (const [factor, numerator, denominator, expected] of table) {
      expect(fakeExponential(factor, numerator, denominator)).to.equal(expected);
    }
  });

  it("intrinsic gas and its floor are those of @ethereumjs/tx on every fork", () => {
    const message = fc.record({
      fork: fc.constantFrom(...FORKS),
      data: fc.uint8Array({ maxLength: 100 }),
      creates: fc.boolean(),
      value: fc.constantFrom(0n, 1n),
      slots: fc.array(fc.nat(5).map(BigInt), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(message, ({ fork, data, creates, value, slots }) => {
        const common = new Common({ chain: Mainnet, hardfork: fork });
        const typed = common.isActivatedEIP(2930);
        const accessList = typed ? [{ address: TO, slots }] : [];
        const reference = createTx(
          {
            type: typed ? 1 : 0,
            data,
            value,
            gasLimit: 10_000_000n,
            ...(creates ? {} : { to: TO }),
            ...(typed
              ? {
                  chainId: 1n,
                  accessList: accessList.map((item) => ({
                    address: item.address,
                    storageKeys: item.slots.map(bigIntToHex32),
                  })),
                }
              : {}),
          },
          { common },
        );
        const { intrinsic, floor } = intrinsicGas(
          transaction(FROM, {
            type: typed ? 1 : 0,
            data,
            value,
            to: creates ? null : TO,
            accessList,
          }),
          forkRules(rules(fork)),
        );
        expect(intrinsic).to.equal(reference.getIntrinsicGas());
        expect(floor).to.equal(getCalldataFloorGas(reference));
      }),
      propertyParameters({ numRuns: 60 }),
    );
  });
});
