/**
 * Where TRANSCRIPT names a file: writes every JSON-RPC request of the project's tests and its answer
 * there, one a line, under the title of the test that sent it.
 *
 * Two runs of the same tests on networks that are the same write the same file. So that they do on
 * any day, blocks are not dated by the clock: each is a second after its parent, unless the test sets
 * the time itself. Left out are tests with "(by the clock)" in their title, and what clients ask as
 * often as their timers let them.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { extendEnvironment } from "hardhat/config";
import type { EIP1193Provider, RequestArguments } from "hardhat/types";

/** Longer answers (traces, code) are written as their hash. */
const LONGEST_ANSWER = 3000;

/** Requests after which a new block may be there, or another one be the latest. */
const MOVES_THE_CHAIN: ReadonlySet<string> = new Set([
  "eth_sendTransaction",
  "eth_sendRawTransaction",
  "evm_mine",
  "evm_revert",
  "evm_increaseTime",
  "hardhat_mine",
  "hardhat_reset",
]);

/** Answers that name the network itself, or tell how far it is from the clock. */
const NOT_REPEATABLE: ReadonlySet<string> = new Set([
  "web3_clientVersion",
  "hardhat_metadata",
  "evm_increaseTime",
]);

/** Asked while a client waits, or to see whether the network is still the same. */
const ASKED_BY_TIMERS: ReadonlySet<string> = new Set([
  "eth_blockNumber",
  "eth_chainId",
  "eth_getFilterChanges",
  "net_version",
]);

interface Entry {
  test: string;
  request: RequestArguments;
  result?: unknown;
  error?: object;
}

const file = process.env.TRANSCRIPT;
const entries: Entry[] = [];
let currentTest = "";

/** For the `mocha` of the project's config; the results go to the file that RESULTS names, too. */
export const mochaOptions = {
  rootHooks: {
    beforeEach(this: { currentTest?: { fullTitle(): string } }): void {
      currentTest = this.currentTest?.fullTitle() ?? "";
    },
  },
  ...(process.env.RESULTS === undefined
    ? {}
    : { reporter: "json", reporterOptions: { output: process.env.RESULTS } }),
};

function solidityFrames(stack: string | undefined): string[] {
  return (stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at .*(\.sol:|<Unrecognized|<Precompile|<unknown>)/.test(line))
    .map((line) => line.trim());
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) {
    return { thrown: error };
  }
  const { message, name } = error;
  const { code, data, transactionHash } = error as {
    code?: unknown;
    data?: unknown;
    transactionHash?: unknown;
  }; // any error may have these
  return { name, message, code, data, transactionHash, frames: solidityFrames(error.stack) };
}

function shorten(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length <= LONGEST_ANSWER
    ? value
    : { length: text.length, sha256: createHash("sha256").update(text).digest("hex") };
}

if (file !== undefined) {
  extendEnvironment((hre) => {
    const provider: EIP1193Provider = hre.network.provider;
    const request = provider.request.bind(provider);
    const send = (method: string, ...params: unknown[]) => request({ method, params });
    let started = false;

    /** The next block is dated `seconds` after the latest one. */
    async function dateNextBlock(seconds: number): Promise<void> {
      const latest = await send("eth_getBlockByNumber", "latest", false);
      const { timestamp } = latest as { timestamp: string }; // as every block has it
      await send("evm_setNextBlockTimestamp", Number(timestamp) + seconds);
    }

    async function recorded(args: RequestArguments): Promise<unknown> {
      if (!started) {
        started = true;
        await dateNextBlock(1);
      }
      const entry: Entry = {
        test: currentTest,
        request: { method: args.method, params: JSON.parse(JSON.stringify(args.params ?? [])) },
      };
      if (!ASKED_BY_TIMERS.has(args.method) && !currentTest.includes("(by the clock)")) {
        entries.push(entry);
      }
      try {
        const result = await request(args);
        entry.result = NOT_REPEATABLE.has(args.method) ? "(left out)" : shorten(result);
        return result;
      } catch (error) {
        entry.error = describe(error);
        throw error;
      } finally {
        if (MOVES_THE_CHAIN.has(args.method)) {
          const by = args.method === "evm_increaseTime" ? Number(firstOf(args.params)) : 1;
          await dateNextBlock(Math.max(1, by));
        }
      }
    }

    provider.request = recorded;
    hre.network.provider.send = (method, params = []) => recorded({ method, params });
    hre.network.provider.sendAsync = (payload, callback) => {
      recorded({ method: payload.method, params: payload.params }).then(
        (result) => callback(null, { id: payload.id, jsonrpc: "2.0", result }),
        (error) => callback(error, { id: payload.id, jsonrpc: "2.0", error }),
      );
    };
  });

  process.on("exit", () => {
    writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  });
}

function firstOf(params: RequestArguments["params"]): unknown {
  return Array.isArray(params) ? params[0] : undefined;
}
