/**
 * A shared buffer of this block is full. Expected and harmless: the block is executed sequentially
 * instead, the fallback is counted, and the next block gets more room.
 */
export type SharedBufferName = "locations" | "arena" | "outcomes";

export class CapacityExceeded extends Error {
  readonly buffer: SharedBufferName;

  constructor(buffer: SharedBufferName) {
    super(`the shared ${buffer} buffer is full`);
    this.name = "CapacityExceeded";
    this.buffer = buffer;
  }
}
