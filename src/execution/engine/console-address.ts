/** Where console.sol sends its messages: a call to it does nothing else. */
import { hexToBytes } from "../../state/bytes";
import type { Address } from "../../state/hex";

/** "console.log" in ASCII, right-aligned. */
export const CONSOLE_ADDRESS: Address = "0x000000000000000000636f6e736f6c652e6c6f67";

const BYTES = hexToBytes(CONSOLE_ADDRESS);

export function isConsoleAddress(address: Uint8Array): boolean {
  for (let position = BYTES.length - 1; position >= 0; position--) {
    if (address[position] !== BYTES[position]) {
      return false;
    }
  }
  return true;
}
