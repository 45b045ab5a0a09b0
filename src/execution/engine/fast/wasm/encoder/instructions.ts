/** Value types and instructions of WebAssembly by their codes (core specification 2.0, section 5). */

export const TYPE = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = (typeof TYPE)[keyof typeof TYPE];

/** Instructions without immediates. */
export const I = {
  unreachable: 0x00,
  return: 0x0f,
  select: 0x1b,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32LtU: 0x49,
  i32GtU: 0x4b,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GtS: 0x55,
  i64GtU: 0x56,
  i64GeU: 0x5a,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i64Clz: 0x79,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64DivU: 0x80,
  i64RemU: 0x82,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i32WrapI64: 0xa7,
  i64ExtendI32U: 0xad,
  i64TruncF64S: 0xb0,
  f64ConvertI64S: 0xb9,
  f64ConvertI64U: 0xba,
} as const;
export type Plain = (typeof I)[keyof typeof I];

/** Loads and stores, with the alignment they are given. */
export const MEMORY = {
  i32Load: 0x28,
  i64Load: 0x29,
  f64Load: 0x2b,
  i32Store: 0x36,
  i64Store: 0x37,
  f64Store: 0x39,
  i64Store8: 0x3c,
} as const;
export type MemoryAccess = (typeof MEMORY)[keyof typeof MEMORY];

/** Instructions on vectors of 128 bits, after the prefix 0xfd. */
export const SIMD = {
  load: 0,
  store: 11,
  constant: 12,
  shuffle: 13,
  i64x2Splat: 18,
  i64x2ExtractLane: 29,
  i64x2ReplaceLane: 30,
} as const;
