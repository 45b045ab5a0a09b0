import { expect } from "chai";
import fc from "fast-check";
import { webAssembly } from "../../../../../src/crypto/web-assembly";
import type { FunctionBuilder } from "../../../../../src/execution/engine/fast/wasm/encoder/function-builder";
import {
  I,
  MEMORY,
  TYPE,
  type ValueType,
} from "../../../../../src/execution/engine/fast/wasm/encoder/instructions";
import { ModuleBuilder } from "../../../../../src/execution/engine/fast/wasm/encoder/module-builder";

if (webAssembly === null) {
  throw new Error("these tests need WebAssembly");
}
const api = webAssembly;
const memory = new api.Memory({ initial: 1 });
const bytes = new Uint8Array(memory.buffer);

type Compiled = (...parameters: never[]) => unknown;

/** The function, in a module with a memory and the import `twice`. */
function compile(
  parameters: readonly ValueType[],
  results: readonly ValueType[],
  write: (f: FunctionBuilder, twice: number) => void,
): Compiled {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", 1);
  const twice = module.importFunction("env", "twice", {
    parameters: [TYPE.i32],
    results: [TYPE.i32],
  });
  write(module.function({ parameters, results }, "f"), twice);
  const binary = module.toBytes();
  expect(api.validate(binary), "is valid").to.equal(true);
  const env = { memory, twice: (value: number) => value * 2 };
  const { exports } = new api.Instance(new api.Module(binary), { env });
  return exports.f as Compiled; // exported above
}

describe("WebAssembly module builder", () => {
  it("numbers are encoded as they are, of 32 and 64 bits", () => {
    const edges64 = [0n, 63n, 64n, 127n, 128n, 2n ** 31n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n];
    const check64 = (value: bigint): void => {
      const f = compile([], [TYPE.i64], (body) => body.i64(value));
      expect(BigInt.asUintN(64, f() as bigint)).to.equal(value);
    };
    const check32 = (value: number): void => {
      const f = compile([], [TYPE.i32], (body) => body.i32(value));
      expect(f()).to.equal(value);
    };
    edges64.forEach(check64);
    [0, 63, 64, -64, -65, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)].forEach(check32);
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), check64));
    fc.assert(fc.property(fc.integer(), check32));
    const half = compile([], [TYPE.f64], (body) => body.f64(-0.5));
    expect(half()).to.equal(-0.5);
  });

  it("loops, tables and conditions branch to the blocks that are meant", () => {
    // sums 1 ... n, where a table in each turn leaves out multiples of 3
    const sum = compile([TYPE.i32], [TYPE.i32], (f) => {
      const [rest, total] = [f.parameter(0), f.local(TYPE.i32)];
      const all = f.block();
      const turn = f.loop();
      f.get(rest);
      f.plain(I.i32Eqz);
      f.branchIf(all);
      const other = f.block();
      const third = f.block();
      f.get(rest);
      f.i64(3n);
      const scratch = f.local(TYPE.i64);
      f.set(scratch);
      f.plain(I.i64ExtendI32U);
      f.get(scratch);
      f.plain(I.i64RemU, I.i32WrapI64);
      f.branchTable([third, other], other);
      f.end(third);
      f.get(rest);
      f.i32(1);
      f.plain(I.i32Sub);
      f.set(rest);
      f.branch(turn);
      f.end(other);
      f.get(total);
      f.get(rest);
      f.plain(I.i32Add);
      f.set(total);
      f.get(rest);
      f.i32(1);
      f.plain(I.i32Sub);
      f.set(rest);
      f.branch(turn);
      f.end(turn);
      f.end(all);
      f.get(total);
    });
    expect(sum(...([10] as never[]))).to.equal(55 - 3 - 6 - 9);
  });

  it("a condition may give a value, and imports are called", () => {
    const f = compile([TYPE.i32], [TYPE.i32], (body, twice) => {
      body.get(body.parameter(0));
      const choice = body.ifGiving(TYPE.i32);
      body.get(body.parameter(0));
      body.call(twice);
      body.else();
      body.i32(-1);
      body.end(choice);
    });
    expect(f(...([21] as never[]))).to.equal(42);
    expect(f(...([0] as never[]))).to.equal(-1);
  });

  it("memory is read and written at base and offset, words and vectors", () => {
    bytes.set(
      Array.from({ length: 32 }, (_, i) => i + 1),
      64,
    );
    const f = compile([TYPE.i32], [TYPE.i64], (body) => {
      const base = body.parameter(0);
      body.get(base);
      body.get(base);
      body.vectorLoad(64);
      body.vectorConstant(new Uint8Array(16));
      body.shuffle([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
      body.vectorStore(128);
      body.get(base);
      body.get(base);
      body.memory(MEMORY.i64Load, 64);
      body.splat64();
      body.i64(5n);
      body.replaceLane64(1);
      body.extractLane64(1);
      body.memory(MEMORY.i64Store, 160);
      body.get(base);
      body.memory(MEMORY.i64Load, 64);
    });
    expect(f(...([0] as never[]))).to.equal(0x0807060504030201n);
    expect([...bytes.subarray(128, 144)]).to.deep.equal(
      Array.from({ length: 16 }, (_, i) => 16 - i),
    );
    expect([...bytes.subarray(160, 168)]).to.deep.equal([5, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("locals of several types may be declared at any time", () => {
    const f = compile([], [TYPE.i64], (body) => {
      const locals = Array.from({ length: 300 }, (_, i) => {
        const local = body.local(i % 3 === 0 ? TYPE.i32 : TYPE.i64);
        if (i % 3 !== 0) {
          body.i64(BigInt(i));
          body.set(local);
        }
        return local;
      });
      body.get(locals[299] ?? body.local(TYPE.i64));
    });
    expect(f()).to.equal(299n);
  });

  it("blocks that end in the wrong order are a broken invariant", () => {
    const f = new ModuleBuilder().function({ parameters: [], results: [] }, null);
    const outer = f.block();
    f.block();
    expect(() => f.end(outer)).to.throw("blocks end inside out");
  });
});
