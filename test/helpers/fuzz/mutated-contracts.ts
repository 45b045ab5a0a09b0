/** Calls to real contracts whose code, calldata or rules are not quite what they were. */

import { keccak256Hex } from "../../../src/crypto/keccak256";
import { hardforkPosition } from "../../../src/execution/hardforks";
import { bigIntToBytes32 } from "../../../src/state/bytes";
import type { Address, Hash } from "../../../src/state/hex";
import type { StateReader } from "../../../src/state/state-reader";
import { environment, rules, transaction } from "../environment";
import type { Call, Corpus } from "./corpus";
import type { Random } from "./random";
import { type Program, randomFork, randomGas } from "./scene";

/** A state in which some contracts have another code, and one account can pay for anything. */
class ChangedState implements StateReader {
  readonly #base: StateReader;
  readonly #payer: Address;
  readonly #hashes = new Map<Address, Hash>();
  readonly #codes = new Map<Hash, Uint8Array>();

  constructor(base: StateReader, payer: Address) {
    this.#base = base;
    this.#payer = payer;
  }

  setCode(address: Address, code: Uint8Array): void {
    const hash = keccak256Hex(code);
    this.#hashes.set(address, hash);
    this.#codes.set(hash, code);
  }

  exists(address: Address): boolean {
    return address === this.#payer || this.#base.exists(address);
  }

  balance(address: Address): bigint {
    return address === this.#payer ? 10n ** 24n : this.#base.balance(address);
  }

  nonce(address: Address): bigint {
    return this.#base.nonce(address);
  }

  codeHash(address: Address): Hash {
    return this.#hashes.get(address) ?? this.#base.codeHash(address);
  }

  code(codeHash: Hash): Uint8Array {
    return this.#codes.get(codeHash) ?? this.#base.code(codeHash);
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#base.storage(address, slot);
  }

  hasStorage(address: Address): boolean {
    return this.#base.hasStorage(address);
  }
}

export function mutatedProgram(random: Random, corpora: readonly Corpus[]): Program {
  const corpus = random.pick(corpora);
  const call = random.pick(corpus.calls);
  const state = new ChangedState(corpus.state, call.from);
  const codeOf = (address: Address): Uint8Array =>
    corpus.state.code(corpus.state.codeHash(address));
  const donor = codeOf(random.pick(corpus.calls).to);
  for (const address of new Set([call.to, random.pick(corpus.calls).to])) {
    // a third of the contracts stay as they are: what they do goes far
    if (!random.once(3)) {
      state.setCode(address, mutate(random, codeOf(address), donor));
    }
  }
  const hardfork = randomFork(random);
  const block = environment(hardfork, { rules: rules(hardfork) });
  return {
    kind: "mutated",
    hardfork,
    scene: {
      state,
      transaction: transaction(call.from, {
        to: call.to,
        nonce: state.nonce(call.from),
        gasLimit: 4n * randomGas(random),
        maxFeePerGas: 10n ** 6n,
        maxPriorityFeePerGas: 10n ** 6n,
        value: random.once(6) ? BigInt(random.below(3)) : call.value,
        data: calldata(random, call, corpus),
        type: hardforkPosition(hardfork) >= hardforkPosition("london") ? 2 : 0,
      }),
      environment: {
        ...block,
        number: corpus.environment.number,
        timestamp: corpus.environment.timestamp,
        coinbase: corpus.environment.coinbase,
        blockHashes: corpus.environment.blockHashes,
      },
      trace: random.once(4),
    },
  };
}

function calldata(random: Random, { data, to }: Call, { calls }: Corpus): Uint8Array {
  switch (random.below(8)) {
    case 0: {
      // the selector, or another one of the same contract, and any arguments
      const other = random.pick(calls.filter((call) => call.to === to)).data;
      const words = random.times(random.below(6), () => bigIntToBytes32(random.word()));
      return new Uint8Array(Buffer.concat([other.slice(0, 4), ...words]));
    }
    case 1: {
      const changed = data.slice();
      const words = Math.floor((data.length - 4) / 32);
      if (words > 0) {
        changed.set(bigIntToBytes32(random.word()), 4 + 32 * random.below(words));
      }
      return changed;
    }
    case 2:
      return data.slice(0, random.below(data.length + 1));
    case 3: {
      const changed = data.slice();
      if (changed.length > 0) {
        changed[random.below(changed.length)] = random.bits() & 0xff;
      }
      return changed;
    }
    default:
      return data;
  }
}

/** One to a few changes: bytes, opcodes for their like, two opcodes swapped, an end, a piece of another code. */
function mutate(random: Random, code: Uint8Array, donor: Uint8Array): Uint8Array {
  let changed = code.slice();
  for (let changes = 1 + random.below(random.once(3) ? 20 : 4); changes > 0; changes--) {
    if (changed.length < 2) {
      return changed;
    }
    const places = opcodePlaces(changed);
    const place = random.pick(places);
    switch (random.below(9)) {
      case 0:
        changed[random.below(changed.length)] = random.bits() & 0xff;
        break;
      case 1: {
        const other = random.pick(places);
        [changed[place], changed[other]] = [changed[other] ?? 0, changed[place] ?? 0];
        break;
      }
      case 2:
        if (random.once(4)) {
          changed = changed.slice(0, random.below(changed.length));
        }
        break;
      case 3: {
        const from = random.below(donor.length + 1);
        const piece = donor.subarray(from, from + random.below(64));
        changed.set(piece.subarray(0, changed.length - place), place);
        break;
      }
      default:
        changed[place] = likeIt(random, changed[place] ?? 0);
    }
  }
  return changed;
}

/** Where opcodes are, the data of pushes left out. */
function opcodePlaces(code: Uint8Array): number[] {
  const places: number[] = [];
  for (let place = 0; place < code.length; place++) {
    places.push(place);
    const opcode = code[place] ?? 0;
    place += opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5f : 0;
  }
  return places;
}

/** Opcodes that take and give the same number of items. */
const ALIKE: readonly (readonly number[])[] = [
  [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14],
  [0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d, 0x01, 0x03, 0x20],
  [0x15, 0x19, 0x1e, 0x31, 0x35, 0x3b, 0x3f, 0x40, 0x49, 0x51, 0x54, 0x5c],
  [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48],
  [0x4a, 0x58, 0x59, 0x5a, 0x5f, 0x3d, 0x34],
  [0x37, 0x39, 0x3e, 0x5e],
  [0x52, 0x53, 0x55, 0x5d],
  [0xf1, 0xf2],
  [0xf4, 0xfa],
  [0xf3, 0xfd],
  Array.from({ length: 16 }, (_, index) => 0x80 + index),
  Array.from({ length: 16 }, (_, index) => 0x90 + index),
];

function likeIt(random: Random, opcode: number): number {
  const groups = ALIKE.filter((group) => group.includes(opcode));
  if (groups.length === 0) {
    return random.once(4) ? random.bits() & 0xff : opcode;
  }
  return random.pick(random.pick(groups));
}
