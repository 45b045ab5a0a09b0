/**
 * The part of the WebAssembly JavaScript API that is used here (the compiler's library has it only
 * together with the whole DOM), and whether it is there: `node --jitless` has none.
 */

/** Compiled code without state; can be posted to other threads. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

export interface WasmMemory {
  /** Replaced when the memory grows: views of the old one are empty then. */
  readonly buffer: ArrayBuffer;
  /** Throws a RangeError if there is not that much. */
  grow(pages: number): number;
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: WasmImports,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new (descriptor: { initial: number; maximum?: number }) => WasmMemory;
  readonly CompileError: new (message?: string) => Error;
  compile(bytes: Uint8Array): Promise<WasmModule>;
  validate(bytes: Uint8Array): boolean;
}

export const PAGE_BYTES = 65_536;

/** null where the runtime has none */
export const webAssembly: WebAssemblyApi | null =
  // typed above; through unknown, because the types of browsers know it by others
  (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly ?? null;
