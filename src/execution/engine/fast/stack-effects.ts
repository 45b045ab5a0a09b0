/** How many items each opcode takes from the stack and leaves on it (yellow paper, appendix H.2). */

export const STACK_IN = new Uint8Array(256);
export const STACK_OUT = new Uint8Array(256);

/** opcodes, items taken, items left */
const EFFECTS: readonly (readonly [opcodes: readonly number[], taken: number, left: number])[] = [
  [[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b], 2, 1],
  [[0x08, 0x09], 3, 1],
  [[0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d], 2, 1],
  [[0x15, 0x19, 0x1e], 1, 1],
  [[0x20], 2, 1],
  [[0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d], 0, 1],
  [[0x31, 0x35, 0x3b, 0x3f, 0x40, 0x49], 1, 1],
  [[0x37, 0x39, 0x3e], 3, 0],
  [[0x3c], 4, 0],
  [[0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a], 0, 1],
  [[0x50, 0x56], 1, 0],
  [[0x51, 0x54, 0x5c], 1, 1],
  [[0x52, 0x53, 0x55, 0x57, 0x5d], 2, 0],
  [[0x58, 0x59, 0x5a, 0x5f], 0, 1],
  [[0x5e], 3, 0],
  [[0xf0], 3, 1],
  [[0xf5], 4, 1],
  [[0xf1, 0xf2], 7, 1],
  [[0xf4, 0xfa], 6, 1],
  [[0xf3, 0xfd], 2, 0],
  [[0xff], 1, 0],
];

for (const [opcodes, taken, left] of EFFECTS) {
  for (const opcode of opcodes) {
    STACK_IN[opcode] = taken;
    STACK_OUT[opcode] = left;
  }
}
for (let i = 0; i < 32; i++) {
  STACK_OUT[0x60 + i] = 1; // PUSH1 … PUSH32
}
for (let i = 0; i < 16; i++) {
  STACK_IN[0x80 + i] = i + 1; // DUP1 … DUP16
  STACK_OUT[0x80 + i] = i + 2;
  STACK_IN[0x90 + i] = i + 2; // SWAP1 … SWAP16
  STACK_OUT[0x90 + i] = i + 2;
}
for (let i = 0; i <= 4; i++) {
  STACK_IN[0xa0 + i] = i + 2; // LOG0 … LOG4
}

/** The most items there may be on the stack before each opcode (yellow paper, section 9.4.2). */
export const STACK_MAX = new Int32Array(256);
const STACK_LIMIT = 1024;
for (let opcode = 0; opcode < 256; opcode++) {
  STACK_MAX[opcode] = STACK_LIMIT + (STACK_IN[opcode] ?? 0) - (STACK_OUT[opcode] ?? 0);
}
