/** Inputs that precompiles accept, and what becomes of them when a byte or the length is wrong. */
import { precompileInputs } from "../../../bench/precompile-inputs";
import { bigIntToBytes32 } from "../../../src/state/bytes";
import type { Random } from "./random";

export interface PrecompileSample {
  readonly place: number;
  readonly input: Uint8Array;
}

/** bytes; longer inputs take the reference engine long and show nothing more */
const LONGEST_INPUT = 800;
/** Places of precompiles, and beyond: addresses that are none (yet) behave as accounts. */
const PLACES = [...Array.from({ length: 0x13 }, (_, index) => index + 1), 0x100, 0x100, 0x101];

export async function precompileSamples(): Promise<readonly PrecompileSample[]> {
  const inputs = await precompileInputs();
  return inputs.filter(
    ({ input, name }) => input.length <= LONGEST_INPUT && !name.includes("100,000 rounds"),
  );
}

export function pickSample(random: Random, samples: readonly PrecompileSample[]): PrecompileSample {
  const place = random.pick(PLACES);
  if (place === 0x05 && !random.once(3)) {
    return { place, input: modexp(random) };
  }
  const known = samples.filter((sample) => sample.place === place);
  if (known.length === 0 || random.once(6)) {
    return { place, input: random.bytes(random.below(200)) };
  }
  const { input } = random.pick(known);
  return { place, input: random.once(2) ? input : spoil(random, input) };
}

function spoil(random: Random, input: Uint8Array): Uint8Array {
  if (random.once(3)) {
    return input.slice(0, random.below(input.length + 1));
  }
  if (random.once(3)) {
    return Uint8Array.from([...input, ...random.bytes(random.below(40))]);
  }
  const spoilt = input.slice();
  if (spoilt.length > 0) {
    spoilt[random.below(spoilt.length)] = random.bits() & 0xff;
  }
  return spoilt;
}

/** Short numbers of any lengths, now and then a header that promises more than there is. */
function modexp(random: Random): Uint8Array {
  const lengths = random.times(3, () => random.below(random.once(4) ? 70 : 10));
  const numbers = lengths.map((length) => random.bytes(length));
  const heads = lengths.map((length) =>
    bigIntToBytes32(random.once(25) ? random.word() : BigInt(length)),
  );
  return new Uint8Array(Buffer.concat([...heads, ...numbers]));
}
