/** A module of imported functions, one imported memory and functions of its own. */
import { invariant } from "../../../../../errors/base-error";
import { ByteSink } from "./byte-sink";
import { FunctionBuilder } from "./function-builder";
import type { ValueType } from "./instructions";

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const FUNCTION = 0;
const MEMORY = 2;
const FUNCTION_TYPE = 0x60;
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface OwnFunction {
  readonly type: number;
  readonly builder: FunctionBuilder;
  readonly exportedAs: string | null;
}

export class ModuleBuilder {
  readonly #types = new ByteSink();
  readonly #typeIndices = new Map<string, number>();
  readonly #imports = new ByteSink();
  #importCount = 0;
  #importedFunctions = 0;
  readonly #functions: OwnFunction[] = [];

  /** Imports a memory of at least `pages`. */
  importMemory(module: string, name: string, pages: number): void {
    this.#import(module, name);
    this.#imports.byte(MEMORY);
    this.#imports.byte(0); // without an upper limit
    this.#imports.unsigned(pages);
  }

  /** Returns the function's index. Imports come before functions. */
  importFunction(module: string, name: string, signature: Signature): number {
    invariant(this.#functions.length === 0, "imports come before functions");
    this.#import(module, name);
    this.#imports.byte(FUNCTION);
    this.#imports.unsigned(this.#typeOf(signature));
    return this.#importedFunctions++;
  }

  function(signature: Signature, exportedAs: string | null): FunctionBuilder {
    const builder = new FunctionBuilder(signature.parameters);
    this.#functions.push({ type: this.#typeOf(signature), builder, exportedAs });
    return builder;
  }

  toBytes(): Uint8Array {
    const types = new ByteSink();
    types.unsigned(this.#typeIndices.size);
    types.bytes(this.#types.toBytes());
    const imports = new ByteSink();
    imports.unsigned(this.#importCount);
    imports.bytes(this.#imports.toBytes());
    const functions = new ByteSink();
    const code = new ByteSink();
    const exports = new ByteSink();
    functions.unsigned(this.#functions.length);
    code.unsigned(this.#functions.length);
    exports.unsigned(this.#functions.filter(({ exportedAs }) => exportedAs !== null).length);
    for (const [index, { type, builder, exportedAs }] of this.#functions.entries()) {
      functions.unsigned(type);
      code.sized(builder.finish());
      if (exportedAs !== null) {
        exports.name(exportedAs);
        exports.byte(FUNCTION);
        exports.unsigned(this.#importedFunctions + index);
      }
    }
    const module = new ByteSink();
    module.bytes(MAGIC_AND_VERSION);
    for (const [id, section] of [
      [SECTION.type, types],
      [SECTION.import, imports],
      [SECTION.function, functions],
      [SECTION.export, exports],
      [SECTION.code, code],
    ] as const) {
      module.byte(id);
      module.sized(section);
    }
    return module.toBytes().slice();
  }

  #import(module: string, name: string): void {
    this.#importCount++;
    this.#imports.name(module);
    this.#imports.name(name);
  }

  #typeOf({ parameters, results }: Signature): number {
    const key = `${parameters.join()}>${results.join()}`;
    let index = this.#typeIndices.get(key);
    if (index === undefined) {
      index = this.#typeIndices.size;
      this.#typeIndices.set(key, index);
      this.#types.byte(FUNCTION_TYPE);
      this.#types.unsigned(parameters.length);
      this.#types.bytes(parameters);
      this.#types.unsigned(results.length);
      this.#types.bytes(results);
    }
    return index;
  }
}
