/**
 * What the other suites of this directory compared, in this very run: every method, every kind of
 * failure, every hardfork. Runs after them (by name), and only if all of them run: with
 * HARDHAT_PARALLEL_ALL_TESTS=1, as scripts/run-tests.mjs sets it, it is a failure if they do not.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { METHODS } from "../../../src/rpc/method-table";
import { Pair } from "./pair";

/** All that Hardhat's config accepts; no public export has them. */
const {
  HARDHAT_NETWORK_SUPPORTED_HARDFORKS: HARDFORKS,
}: {
  HARDHAT_NETWORK_SUPPORTED_HARDFORKS: readonly string[];
} = require("hardhat/internal/constants");

/** Requests with an answer of the stock network's beside it. */
const MINIMUM = 400;

/** Methods that no answer of Hardhat 2's stock network can be put beside; docs/ecosystem.md has the reasons. */
const BEYOND_STOCK = /^(parallel_|eth_createAccessList$|eth_getBlockReceipts$|eth_simulateV1$)/;

/** Answered before the method table is looked at. */
const BEFORE_THE_TABLE = ["hardhat_reset", "hardhat_addCompilationResult"];

const FAILURES: Readonly<Record<string, RegExp>> = {
  "revert with reason": /reverted with reason string/,
  "custom error": /reverted with (an unrecognized )?custom error/,
  panic: /reverted with panic code/,
  "no reason": /reverted without a reason/,
  "out of gas": /ran out of gas/,
  "invalid opcode": /invalid opcode/,
  "nonce too low": /[Nn]once too low/,
  "nonce too high": /[Nn]once too high/,
  funds: /doesn't have enough funds/,
  fee: /is too low for the next block/,
  "intrinsic gas": /requires at least \d+ gas/,
  "block gas limit": /exceeds block gas limit/,
  "code size": /code is too large/,
  "init code size": /init code length/,
  "unknown account": /Unknown account/,
  "unknown block": /invalid block tag/i,
  "unknown method": /is not supported/,
  "invalid parameters": /at line 1 column/,
};

describe("the comparison with the stock network", () => {
  before(function () {
    const others = readdirSync(__dirname).filter((file) => file.endsWith(".test.ts"));
    const filtered = process.argv.some((argument) => /^(-g|-f|--grep|--fgrep)/.test(argument));
    const missing = others.filter((file) => require.cache[join(__dirname, file)] === undefined);
    if (process.env.HARDHAT_PARALLEL_ALL_TESTS === "1") {
      expect(filtered).to.equal(false);
      expect(missing).to.deep.equal([]);
    }
    if (filtered || missing.length > 0) {
      console.log("    skipped: needs all suites of rpc-parity in the same run");
      this.skip();
    }
  });

  it(`is of at least ${MINIMUM} requests`, () => {
    expect(Pair.compared).to.be.at.least(MINIMUM);
  });

  it("is of every method", () => {
    const methods = [...METHODS.keys(), ...BEFORE_THE_TABLE];
    const compared = methods.filter((method) => (Pair.answered.get(method) ?? 0) > 0);
    const missing = methods.filter(
      (method) => !compared.includes(method) && !BEYOND_STOCK.test(method),
    );
    expect(missing).to.deep.equal([]);
  });

  for (const [name, message] of Object.entries(FAILURES)) {
    it(`is of failures: ${name}`, () => {
      expect([...Pair.messages].some((text) => message.test(text))).to.equal(true);
    });
  }

  it("is of every hardfork", () => {
    expect(HARDFORKS.filter((hardfork) => !Pair.hardforks.has(hardfork))).to.deep.equal([]);
  });
});
