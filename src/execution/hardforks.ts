/**
 * The hardforks in their order, and the EIPs that each activates, by the numbers of the meta-EIPs (606, 607,
 * 608, 609, 1013, 1716, 1679, 2070, 7569, 7600, 7607, 7773).
 *
 * Owns: names (those of @ethereumjs/common) and order. Does not own: what an EIP changes.
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

/** Oldest first. Forks before Berlin are named by their meta-EIP, as ethereumjs does. */
const ACTIVATIONS = [
  ["chainstart", [1]],
  ["homestead", [606]],
  ["dao", []],
  ["tangerineWhistle", [608]],
  ["spuriousDragon", [607]],
  ["byzantium", [609]],
  ["constantinople", [1013]],
  ["petersburg", [1716]],
  ["istanbul", [1679]],
  ["muirGlacier", [2384]],
  ["berlin", [2565, 2929, 2718, 2930]],
  ["london", [1559, 3198, 3529, 3541]],
  ["arrowGlacier", [4345]],
  ["grayGlacier", [5133]],
  ["paris", [3675, 4399]],
  ["mergeNetsplitBlock", []],
  ["shanghai", [3651, 3855, 3860, 4895]],
  ["cancun", [1153, 4844, 4788, 5656, 6780, 7516]],
  ["prague", [2537, 2935, 6110, 7002, 7251, 7623, 7685, 7691, 7702]],
  ["osaka", [7594, 7823, 7825, 7883, 7892, 7939, 7951, 7918]],
  // Forks that only change the blob schedule (EIP-7892).
  ["bpo1", []],
  ["bpo2", []],
  ["bpo3", []],
  ["bpo4", []],
  ["bpo5", []],
  // Experimental: as @ethereumjs/common has it, and liable to change with it (EIP-7773).
  [
    "amsterdam",
    [2780, 7708, 7843, 7778, 7928, 7954, 7976, 7981, 7997, 8024, 8037, 8038, 8246, 8282],
  ],
] as const satisfies readonly (readonly [string, readonly number[]])[];

export type Hardfork = (typeof ACTIVATIONS)[number][0];

export const HARDFORKS: readonly Hardfork[] = ACTIVATIONS.map(([name]) => name);

/** Hardforks whose rules may still change. Only the reference engine runs their messages. */
const EXPERIMENTAL: ReadonlySet<string> = new Set<Hardfork>(["amsterdam"]);

export const FINAL_HARDFORKS: readonly Hardfork[] = HARDFORKS.filter(
  (name) => !EXPERIMENTAL.has(name),
);

/** Every EIP that some final hardfork activates. */
export const FINAL_EIPS: ReadonlySet<number> = new Set(
  ACTIVATIONS.filter(([name]) => !EXPERIMENTAL.has(name)).flatMap(([, eips]) => eips),
);

export function isExperimental(hardfork: string): boolean {
  return EXPERIMENTAL.has(hardfork);
}

/** The fork's place in HARDFORKS. Throws ParallelError UNSUPPORTED_HARDFORK. */
export function hardforkPosition(hardfork: string): number {
  const names: readonly string[] = HARDFORKS;
  const position = names.indexOf(hardfork);
  if (position === -1) {
    throw new ParallelError(ERRORS.UNSUPPORTED_HARDFORK, {
      hardfork,
      expected: HARDFORKS.join(", "),
    });
  }
  return position;
}

/** The EIPs that are active in the fork at this place. */
export function activeEips(position: number): ReadonlySet<number> {
  return new Set(ACTIVATIONS.slice(0, position + 1).flatMap(([, eips]) => eips));
}
