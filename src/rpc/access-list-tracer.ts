/**
 * What an execution's access list (EIP-2930) would have to name: accounts and slots that its opcodes
 * touch, as geth collects them.
 *
 * Owns: the list. Does not own: how often the execution is repeated (methods/eth/access-list.ts).
 */
import type { EngineStep } from "../execution/engine/engine";
import type { AccessListItem } from "../execution/transaction";
import { bigIntToHex32 } from "../state/bytes";
import type { Address } from "../state/hex";

/** BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, SELFDESTRUCT: the account is on top of the stack. */
const TOP_NAMES_ACCOUNT: ReadonlySet<number> = new Set([0x31, 0x3b, 0x3c, 0x3f, 0xff]);
/** CALL, CALLCODE, DELEGATECALL, STATICCALL: the account is below the gas. */
const SECOND_NAMES_ACCOUNT: ReadonlySet<number> = new Set([0xf1, 0xf2, 0xf4, 0xfa]);
const SLOAD = 0x54;
const SSTORE = 0x55;
const ADDRESS_MASK = (1n << 160n) - 1n;

export class AccessListTracer {
  readonly #slots = new Map<Address, Set<bigint>>();
  readonly #excluded: ReadonlySet<Address>;

  /**
   * @param known the list to begin with
   * @param excluded accounts that are warm anyway: named only for the sake of their slots
   */
  constructor(known: readonly AccessListItem[], excluded: ReadonlySet<Address>) {
    this.#excluded = excluded;
    for (const { address, slots } of known) {
      this.#account(address);
      for (const slot of slots) {
        this.#slot(address, slot);
      }
    }
  }

  onStep({ opcode, stack, address }: EngineStep): void {
    const [top, second] = [stack.at(-1), stack.at(-2)];
    if ((opcode === SLOAD || opcode === SSTORE) && top !== undefined) {
      this.#slot(address, top);
    } else if (TOP_NAMES_ACCOUNT.has(opcode) && top !== undefined) {
      this.#account(addressOf(top));
    } else if (SECOND_NAMES_ACCOUNT.has(opcode) && second !== undefined) {
      this.#account(addressOf(second));
    }
  }

  list(): readonly AccessListItem[] {
    return [...this.#slots].map(([address, slots]) => ({ address, slots: [...slots] }));
  }

  /** Lists only grow, so equal sizes are equal lists. */
  get size(): number {
    let size = 0;
    for (const slots of this.#slots.values()) {
      size += 1 + slots.size;
    }
    return size;
  }

  #account(address: Address): void {
    if (!this.#excluded.has(address) && !this.#slots.has(address)) {
      this.#slots.set(address, new Set());
    }
  }

  #slot(address: Address, slot: bigint): void {
    const slots = this.#slots.get(address) ?? new Set();
    this.#slots.set(address, slots.add(slot));
  }
}

export function accessListJson(list: readonly AccessListItem[]): readonly object[] {
  return list.map(({ address, slots }) => ({ address, storageKeys: slots.map(bigIntToHex32) }));
}

function addressOf(word: bigint): Address {
  return `0x${(word & ADDRESS_MASK).toString(16).padStart(40, "0")}`;
}
