import { strict as assert } from "node:assert";
import fc from "fast-check";
import { normalizeHardhatNetworkAccountsConfig } from "hardhat/internal/core/providers/util";
import type { HardhatNetworkHDAccountsConfig } from "hardhat/types";
import { genesisAccounts } from "../../src/hardhat2/account-keys";
import { propertyParameters } from "../helpers/properties";

const MNEMONIC = "test test test test test test test test test test test junk";

function config(
  changes: Partial<HardhatNetworkHDAccountsConfig> = {},
): HardhatNetworkHDAccountsConfig {
  return {
    mnemonic: MNEMONIC,
    path: "m/44'/60'/0'/0",
    initialIndex: 0,
    count: 1,
    passphrase: "",
    accountsBalance: "10000000000000000000000",
    ...changes,
  };
}

/** The accounts, or the error's words. */
function outcome(derive: () => unknown): unknown {
  try {
    return derive();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

function equalsHardhat(of: HardhatNetworkHDAccountsConfig): void {
  assert.deepEqual(
    outcome(() => genesisAccounts(of)),
    outcome(() => normalizeHardhatNetworkAccountsConfig(of)),
  );
}

describe("hardhat2/account-keys", () => {
  it("the first accounts are the well-known ones", () => {
    assert.deepEqual(
      genesisAccounts(config({ count: 2 })).map(({ privateKey }) => privateKey),
      [
        // printed by `hardhat node`
        "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
        "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
      ],
    );
  });

  it("accounts in full are taken as they are", () => {
    const accounts = [{ privateKey: `0x${"1".repeat(64)}`, balance: "1" }];
    assert.deepEqual(genesisAccounts(accounts), accounts);
  });

  it("any mnemonic, passphrase and path has Hardhat's keys", () => {
    const path = fc
      .array(fc.tuple(fc.nat(0x7fff_ffff), fc.constantFrom("", "'")), {
        minLength: 1,
        maxLength: 4,
      })
      .map((steps) => `m/${steps.map(([index, mark]) => `${index}${mark}`).join("/")}`);
    fc.assert(
      fc.property(
        fc.record({
          mnemonic: fc
            .constantFrom(12, 15, 18, 21, 24)
            .chain((length) =>
              fc.array(fc.stringMatching(/^[a-zéあ]{3,8}$/u), {
                minLength: length,
                maxLength: length,
              }),
            )
            .map((words) => words.join(" ")),
          path: fc.tuple(path, fc.constantFrom("", "/")).map((parts) => parts.join("")),
          initialIndex: fc.nat(1000),
          passphrase: fc.string({ unit: "grapheme", maxLength: 8 }),
        }),
        (changes) => equalsHardhat(config(changes)),
      ),
      propertyParameters({ numRuns: 25 }),
    );
  });

  it("what has no keys fails in Hardhat's words", () => {
    for (const changes of [
      { path: "44'/60'" },
      { path: "m" },
      { path: "m:/44'/0" }, // Hardhat's check lets it through
      { path: `m/${2 ** 31}` },
      { mnemonic: "one two" },
      { mnemonic: "" },
      { initialIndex: 2 ** 31 },
      { mnemonic: MNEMONIC.replace(" ", "  ") },
      { mnemonic: ` ${MNEMONIC}\n` }, // has keys
      { count: 0 },
    ]) {
      equalsHardhat(config(changes));
    }
  });
});
