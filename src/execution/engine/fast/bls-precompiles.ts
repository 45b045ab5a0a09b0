/**
 * The BLS12-381 precompiles (EIP-2537) as synchronous functions over ethereumjs' adapter of the noble
 * curves: ethereumjs declares its own async, though nothing in them waits.
 *
 * Owns: prices, the form of inputs. Does not own: the curve.
 */
import type { Common } from "@ethereumjs/common";
import { NobleBLS } from "@ethereumjs/evm";
import type { Address } from "../../../state/hex";
import type { PrecompileFailure, PrecompileResult } from "./precompile-result";

/** bytes of a field element; its first 16 are zero */
const ELEMENT = 64;
const PADDING = 16;
const SCALAR = 32;
const DISCOUNT_DIVISOR = 1000;

export interface BlsPrecompile {
  /** bytes of one item of the input */
  readonly item: number;
  /** field elements at the start of an item */
  readonly elements: number;
  /** exactly one item, or any number of them but none */
  readonly single: boolean;
  gas(items: number): number;
  run(input: Uint8Array): Uint8Array;
}

const G1_ELEMENTS = 2;
const G2_ELEMENTS = 4;

/** The precompiles by address, with the prices of `common`. */
export function blsPrecompiles(common: Common): ReadonlyMap<Address, BlsPrecompile> {
  const curve = new NobleBLS();
  const param = (name: string): number => Number(common.param(name));
  const single = (elements: number, gas: number, run: BlsPrecompile["run"]): BlsPrecompile => ({
    item: elements * ELEMENT,
    elements,
    single: true,
    gas: () => gas,
    run,
  });
  const sum = (
    elements: number,
    gas: number,
    discounts: readonly number[],
    run: BlsPrecompile["run"],
  ): BlsPrecompile => ({
    item: elements * ELEMENT + SCALAR,
    elements,
    single: false,
    gas: (items) => Math.floor((items * gas * discountOf(discounts, items)) / DISCOUNT_DIVISOR),
    run,
  });
  const base = param("bls12381PairingBaseGas");
  const perPair = param("bls12381PairingPerPairGas");
  const pairing: BlsPrecompile = {
    item: (G1_ELEMENTS + G2_ELEMENTS) * ELEMENT,
    elements: G1_ELEMENTS + G2_ELEMENTS,
    single: false,
    gas: (items) => base + items * perPair,
    run: (input) => curve.pairingCheck(input),
  };
  return new Map<Address, BlsPrecompile>([
    [at(0x0b), single(2 * G1_ELEMENTS, param("bls12381G1AddGas"), (input) => curve.addG1(input))],
    [
      at(0x0c),
      sum(G1_ELEMENTS, param("bls12381G1MulGas"), G1_DISCOUNTS, (input) => curve.msmG1(input)),
    ],
    [at(0x0d), single(2 * G2_ELEMENTS, param("bls12381G2AddGas"), (input) => curve.addG2(input))],
    [
      at(0x0e),
      sum(G2_ELEMENTS, param("bls12381G2MulGas"), G2_DISCOUNTS, (input) => curve.msmG2(input)),
    ],
    [at(0x0f), pairing],
    [at(0x10), single(1, param("bls12381MapG1Gas"), (input) => curve.mapFPtoG1(input))],
    [at(0x11), single(2, param("bls12381MapG2Gas"), (input) => curve.mapFP2toG2(input))],
  ]);
}

/** Fails if the input is malformed or costs more than `gas`. */
export function runBls(
  precompile: BlsPrecompile,
  input: Uint8Array,
  gas: number,
): PrecompileResult | PrecompileFailure {
  const items = Math.floor(input.length / precompile.item);
  const fits =
    input.length % precompile.item === 0 && items > 0 && (items === 1 || !precompile.single);
  if (!fits) {
    return "Failed";
  }
  const gasUsed = precompile.gas(items);
  if (gasUsed > gas) {
    return "OutOfGas";
  }
  if (!isPadded(precompile, input, items)) {
    return "Failed";
  }
  try {
    return { output: precompile.run(input), gasUsed };
  } catch {
    return "Failed"; // the curve's way to say: not a point of it or of the subgroup
  }
}

function isPadded({ item, elements }: BlsPrecompile, input: Uint8Array, items: number): boolean {
  for (let start = 0; start < items * item; start += item) {
    for (let element = 0; element < elements; element++) {
      const place = start + element * ELEMENT;
      if (input.subarray(place, place + PADDING).some((byte) => byte !== 0)) {
        return false;
      }
    }
  }
  return true;
}

function at(place: number): Address {
  return `0x${place.toString(16).padStart(40, "0")}`;
}

/** per mille of the full price; the last one holds for more items as well */
function discountOf(discounts: readonly number[], items: number): number {
  return discounts[Math.min(items, discounts.length) - 1] ?? 0;
}

/** EIP-2537, "G1 discounts", for 1 to 128 pairs. */
// biome-ignore format: a table
const G1_DISCOUNTS: readonly number[] = [
  1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677,
  673, 669, 665, 661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627,
  625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601, 599, 598,
  596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576,
  575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559,
  558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544,
  543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531,
  530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
];

/** EIP-2537, "G2 discounts". */
// biome-ignore format: a table
const G2_DISCOUNTS: readonly number[] = [
  1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717,
  711, 704, 699, 693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646,
  643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611, 609, 607,
  606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582,
  580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562,
  561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547,
  546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535,
  534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
];
