/** All libraries that verify KZG proofs say the same, and the native one comes when it pays. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import { decodeTransaction } from "../../../../src/chain/transaction-codec";
import { type WebAssemblyApi, webAssembly } from "../../../../src/crypto/web-assembly";
import { InvariantError } from "../../../../src/errors/base-error";
import {
  KzgChoice,
  NATIVE_LOAD_MILLISECONDS,
} from "../../../../src/execution/engine/fast/precompiles/kzg-choice";
import { loadMclKzg } from "../../../../src/execution/engine/fast/precompiles/kzg-mcl";
import {
  isAbsence,
  loadNativeKzg,
} from "../../../../src/execution/engine/fast/precompiles/kzg-native";
import {
  type KzgVerifier,
  loadPlainKzg,
} from "../../../../src/execution/engine/fast/precompiles/point-evaluation";
import type { Precompile } from "../../../../src/execution/engine/fast/precompiles/precompile";
import { defaultQuietLimit } from "../../../../src/execution/watchdog";
import { bytesToHex } from "../../../../src/state/bytes";
import { loadedPointEvaluation } from "../../../helpers/loaded-point-evaluation";
import {
  type PointEvaluationInputs,
  pointEvaluationInputs,
} from "../../../helpers/point-evaluation-inputs";
import { propertyParameters } from "../../../helpers/properties";
import { requireSharedData } from "../../../helpers/shared-data";
import { TYPESCRIPT_HOOK } from "../../../helpers/typescript-hook";

const GAS = 50_000;
const HELPERS = join(__dirname, "../../../helpers");
const PRECOMPILES = join(__dirname, "../../../../src/execution/engine/fast/precompiles");

let known: KzgVerifier | null = null;

/** Loaded once: it takes seconds. */
function nativeOnce(): KzgVerifier | null {
  known ??= loadNativeKzg();
  return known;
}

/** What the precompile gives: its output, or that it fails. Throws where the library was not loaded before. */
function resultOf(evaluate: Precompile, data: Uint8Array): string {
  const result = evaluate(data, GAS);
  return typeof result === "string" ? result : bytesToHex(result.output);
}

describe("point evaluation by the native library", function () {
  this.timeout(120_000);
  let native: KzgVerifier;
  let mcl: KzgVerifier;
  let inputs: PointEvaluationInputs;
  let byMcl: Precompile;
  let others: readonly Precompile[];

  before(async function () {
    const verifier = nativeOnce();
    if (verifier === null) {
      console.log("      skipped: @crate-crypto/node-eth-kzg is not installed for this platform");
      this.skip();
    }
    native = verifier;
    mcl = await loadMclKzg();
    inputs = await pointEvaluationInputs();
    byMcl = await loadedPointEvaluation(async () => mcl);
    others = [
      await loadedPointEvaluation(async () => native),
      await loadedPointEvaluation(loadPlainKzg),
    ];
  });

  function expectSame(data: Uint8Array): string {
    const expected = resultOf(byMcl, data);
    for (const other of others) {
      expect(resultOf(other, data), bytesToHex(data)).to.equal(expected);
    }
    return expected;
  }

  it("proofs that hold do, wherever they lie in memory", () => {
    const memory = webAssembly === null ? new Uint8Array(512) : memoryOf(webAssembly);
    for (const data of inputs.holding) {
      // FIELD_ELEMENTS_PER_BLOB and BLS_MODULUS (EIP-4844)
      const expected =
        "0x000000000000000000000000000000000000000000000000000000000000100073eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";
      expect(expectSame(data)).to.equal(expected);
      for (const place of [0, 1, 37]) {
        memory.fill(0xa5);
        memory.set(data, place);
        expect(expectSame(memory.subarray(place, place + data.length))).to.equal(expected);
      }
    }
  });

  it("what is no point of the curve or of its subgroup, or has other flags, fails with all of them", () => {
    const results = inputs.onePointEach.map(expectSame);
    expect(results).to.include("Failed");
  });

  it("any input: the same result", () => {
    fc.assert(
      fc.property(inputs.any, (data) => {
        expectSame(data);
      }),
      propertyParameters({ numRuns: 400 }),
    );
  });

  it("the libraries themselves agree on scalars and points at random", () => {
    const answer = (kzg: KzgVerifier, [c, z, y, p]: readonly Uint8Array[]): boolean | string => {
      try {
        const nothing = new Uint8Array(0);
        return kzg.verifies(c ?? nothing, z ?? nothing, y ?? nothing, p ?? nothing);
      } catch (error) {
        expect(error).to.be.instanceOf(Error).and.not.instanceOf(InvariantError);
        return "no point or no scalar";
      }
    };
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    // Half of all x are on the curve, next to none of those points are in the subgroup.
    const compressed = bytes(48).map((x) => {
      x[0] = ((x[0] ?? 0) & 0x3f) | 0x80;
      return x;
    });
    const arguments_ = fc.tuple(compressed, bytes(32), bytes(32), compressed);
    fc.assert(
      fc.property(arguments_, (each) => {
        expect(answer(native, each)).to.equal(answer(mcl, each));
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("the inputs of the conformance vectors give what their names say", function () {
    const folder = requireSharedData(this, "vectors");
    const cases = vectorInputs(join(folder, "eest-v5.4.0"));
    expect([...new Set(cases.map(({ succeeds }) => succeeds))]).to.have.length(2);
    for (const { id, data, succeeds } of cases) {
      expect(expectSame(data) !== "Failed", id).to.equal(succeeds);
    }
  });

  it("a thread that changes over goes on with the same results", async () => {
    let now = 0;
    let loads = 0;
    const load = (): KzgVerifier => {
      loads++;
      return native;
    };
    // each look at the clock is so much later, and a proof takes two
    const clock = (): number => {
      now += NATIVE_LOAD_MILLISECONDS / 8;
      return now;
    };
    const evaluate = await loadedPointEvaluation(async () => new KzgChoice(mcl, load, clock));
    const [, outside = new Uint8Array(0)] = inputs.onePointEach.filter(
      (data) => resultOf(byMcl, data) === "Failed",
    );
    for (const data of [...inputs.holding, outside, ...inputs.holding, outside]) {
      expect(resultOf(evaluate, data)).to.equal(resultOf(byMcl, data));
    }
    expect(loads).to.equal(1);
  });

  it("what the library does not say of an input is not taken for a failed proof", async () => {
    const tooShort: KzgVerifier = {
      verifies: (c, z, y, p) => native.verifies(c, z, y, p.subarray(1)),
    };
    const evaluate = await loadedPointEvaluation(async () => tooShort);
    const [data = new Uint8Array(0)] = inputs.holding;
    expect(() => evaluate(data, GAS)).to.throw(InvariantError, "proof must have size 48");
  });
});

describe("choice of the library that verifies KZG proofs", () => {
  const bytes = new Uint8Array(48);
  const ask = (kzg: KzgVerifier) => kzg.verifies(bytes, bytes, bytes, bytes);

  /** Says who was asked. Each call of the first library takes `milliseconds`. */
  function choiceOf(milliseconds: number, nativeIsThere: boolean) {
    const calls: string[] = [];
    let now = 5_000;
    const first: KzgVerifier = {
      verifies() {
        calls.push("first");
        now += milliseconds;
        if (calls.length % 2 === 0) {
          throw new RangeError("no point"); // failures take time, too
        }
        return true;
      },
    };
    const native: KzgVerifier = {
      verifies() {
        calls.push("native");
        now += 1;
        return false;
      },
    };
    const load = (): KzgVerifier | null => {
      calls.push("load");
      return nativeIsThere ? native : null;
    };
    const choice = new KzgChoice(first, load, () => now);
    const proofs = (count: number): readonly string[] => {
      calls.length = 0;
      for (let i = 0; i < count; i++) {
        now += 100_000; // what others do counts for nothing
        try {
          ask(choice);
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }
      return [...calls];
    };
    return { choice, proofs };
  }

  it("changes over once the first has taken as long as loading the native one, and not before", () => {
    // four proofs of a quarter each
    const { proofs, choice } = choiceOf(NATIVE_LOAD_MILLISECONDS / 4, true);
    expect(proofs(4)).to.deep.equal(Array(4).fill("first"));
    expect(proofs(3)).to.deep.equal(["load", "native", "native", "native"]);
    expect(ask(choice), "and gives its answer").to.equal(false);
    const { proofs: some } = choiceOf((NATIVE_LOAD_MILLISECONDS - 1) / 4, true);
    expect(some(5), "1 ms is missing after four").to.deep.equal(Array(5).fill("first"));
    expect(some(1)).to.deep.equal(["load", "native"]);
  });

  it("stays with the first where there is no native library, and asks for it once", () => {
    const { proofs } = choiceOf(NATIVE_LOAD_MILLISECONDS, false);
    expect(proofs(1)).to.deep.equal(["first"]);
    expect(proofs(3)).to.deep.equal(["load", "first", "first", "first"]);
  });

  it("an error of loading is no failed proof", async () => {
    let now = 0;
    const clock = (): number => {
      now += NATIVE_LOAD_MILLISECONDS;
      return now;
    };
    const load = (): KzgVerifier => {
      throw new InvariantError("broken");
    };
    const evaluate = await loadedPointEvaluation(
      async () => new KzgChoice({ verifies: () => true }, load, clock),
    );
    const { holding } = await pointEvaluationInputs();
    const [data = new Uint8Array(0)] = holding;
    expect(resultOf(evaluate, data)).to.have.length(130);
    expect(() => evaluate(data, GAS)).to.throw(InvariantError, "broken");
  });

  it("a thread that loads it is far from being taken for hung", () => {
    expect(defaultQuietLimit([])).to.be.at.least(10 * NATIVE_LOAD_MILLISECONDS);
  });

  for (const [reason, option, prepare] of [
    ["addons are forbidden", "--no-addons", ""],
    ["it is not installed", "--no-warnings", withoutModule("@crate-crypto/node-eth-kzg")],
    [
      "there is no binary for the platform",
      "--no-warnings",
      withoutModule("@crate-crypto/node-eth-kzg-"),
    ],
    [
      "the package does not know the platform",
      "--no-warnings",
      'Object.defineProperty(process, "platform", { value: "sunos" });',
    ],
  ] as const) {
    it(`there is none where ${reason}`, () => {
      const script = `
        const { loadNativeKzg } = require(${JSON.stringify(join(PRECOMPILES, "kzg-native.ts"))});
        ${prepare}
        console.log(loadNativeKzg());
      `;
      const output = runScript(script, option);
      expect(output.trim()).to.equal("null");
    }).timeout(60_000);
  }

  for (const isInstalled of [true, false]) {
    it(`the engine's precompile changes over${isInstalled ? "" : ", or stays where there is none"}`, () => {
      // a process of its own: all engines of a thread share the choice
      const script = `
        ${isInstalled ? "" : withoutModule("@crate-crypto/node-eth-kzg")}
        let now = 0;
        performance.now = () => (now += ${NATIVE_LOAD_MILLISECONDS / 2});
        const { evaluatePoint } = require(${JSON.stringify(join(PRECOMPILES, "point-evaluation.ts"))});
        const { pointEvaluationInputs } = require(${JSON.stringify(join(HELPERS, "point-evaluation-inputs.ts"))});
        const isLoaded = () => Object.keys(require.cache).some((file) => file.endsWith(".node"));
        (async () => {
          const { holding: [data] } = await pointEvaluationInputs();
          try {
            evaluatePoint(data, ${GAS});
          } catch ({ ready }) {
            await ready;
          }
          for (let proof = 0; proof < 4; proof++) {
            console.log(evaluatePoint(data, ${GAS}).output.length, isLoaded());
          }
        })();
      `;
      const lines = runScript(script, "--no-warnings").trim().split("\n");
      const nativeIsThere = isInstalled && nativeOnce() !== null;
      // a proof takes half of the time by this clock
      expect(lines).to.deep.equal([
        "64 false",
        "64 false",
        `64 ${nativeIsThere}`,
        `64 ${nativeIsThere}`,
      ]);
    }).timeout(60_000);
  }

  it("other errors of loading are not taken for its absence", () => {
    const missing = Object.assign(new Error("Cannot find module 'other'"), {
      code: "MODULE_NOT_FOUND",
    });
    for (const error of [missing, new Error("Unsupported"), new TypeError("x is not a function")]) {
      expect(isAbsence(error), error.message).to.equal(false);
    }
  });
});

/** What it prints. */
function runScript(script: string, option: string): string {
  return execFileSync(process.execPath, [option, "--require", TYPESCRIPT_HOOK, "--eval", script], {
    encoding: "utf8",
  });
}

/** Script: from now on nothing whose name begins so is found, as on a machine that does not have it. */
function withoutModule(prefix: string): string {
  return `
    const Module = require("node:module");
    const resolve = Module._resolveFilename;
    Module._resolveFilename = function (name, ...others) {
      if (!name.startsWith(${JSON.stringify(prefix)})) return resolve.call(this, name, ...others);
      return resolve.call(this, name + "-that-is-not-there", ...others);
    };`;
}

/** Where compiled code has its calldata. */
function memoryOf({ Memory }: WebAssemblyApi): Uint8Array {
  return new Uint8Array(new Memory({ initial: 1 }).buffer);
}

interface VectorInput {
  readonly id: string;
  readonly data: Uint8Array;
  readonly succeeds: boolean;
}

/** What the transactions of the vectors for this precompile's inputs hand to it, and the result in their names. */
function vectorInputs(folder: string): readonly VectorInput[] {
  return readdirSync(folder).flatMap((file): VectorInput[] => {
    // the vectors' own format (their README)
    const { tests }: Bundle = JSON.parse(
      gunzipSync(readFileSync(join(folder, file))).toString("utf8"),
    );
    return tests
      .filter(({ id }) => /test_point_evaluation_precompile\.py::test_(in)?valid_inputs/.test(id))
      .flatMap(({ id, blocks }) =>
        blocks.flatMap(({ rlp }) => {
          // header, transactions; an untyped transaction is a list
          const [, transactions] = RLP.decode(rlp) as [unknown, (Uint8Array | Uint8Array[])[]];
          return transactions.map((transaction) => {
            const raw = transaction instanceof Uint8Array ? transaction : RLP.encode(transaction);
            const { data } = decodeTransaction(raw).input;
            return { id, data, succeeds: id.includes("Result.SUCCESS") };
          });
        }),
      );
  });
}

interface Bundle {
  readonly tests: readonly {
    readonly id: string;
    readonly blocks: readonly { readonly rlp: `0x${string}` }[];
  }[];
}
