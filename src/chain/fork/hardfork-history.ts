/**
 * Which hardfork was in force at a block of a remote chain: the config's `chains`, and the chains that
 * the stock network knows by itself.
 *
 * Hardhat 2.29 documents `chains` and hands it to its network under a name that the network does not
 * know, so that stock executes on the blocks of its built-in chains only. Here `chains` counts, for
 * executions; what a fork changes of its block's state follows the built-in chains alone, so that the
 * state is stock's.
 *
 * Owns: the lookup and the built-in histories. Does not own: what happens where nothing is known.
 */
import { type HardforkName, hardforkName } from "../hardfork";

/** A hardfork under Hardhat's name, and where it begins. */
export interface Activation {
  readonly hardfork: string;
  /** block number, or seconds */
  readonly since: { readonly block: bigint } | { readonly timestamp: bigint };
}

/** Oldest first. */
export type HardforkHistory = readonly Activation[];

/** The latest activation that the block has reached; null if it has reached none. */
export function hardforkAt(
  history: HardforkHistory,
  block: { readonly number: bigint; readonly timestamp: bigint },
): HardforkName | null {
  const reached = history.filter(({ since }) =>
    "block" in since ? since.block <= block.number : since.timestamp <= block.timestamp,
  );
  const last = reached.at(-1);
  return last === undefined ? null : hardforkName(last.hardfork);
}

function history(
  blocks: Readonly<Record<string, bigint>>,
  timestamps: Readonly<Record<string, bigint>>,
): HardforkHistory {
  return [
    ...Object.entries(blocks).map(([hardfork, block]) => ({ hardfork, since: { block } })),
    ...Object.entries(timestamps).map(([hardfork, timestamp]) => ({
      hardfork,
      since: { timestamp },
    })),
  ];
}

/** By chain id: the stock network's own tables. */
export const BUILT_IN_HISTORIES: ReadonlyMap<bigint, HardforkHistory> = new Map([
  [
    1n, // mainnet
    history(
      {
        chainstart: 0n,
        homestead: 1_150_000n,
        dao: 1_920_000n,
        tangerineWhistle: 2_463_000n,
        spuriousDragon: 2_675_000n,
        byzantium: 4_370_000n,
        constantinople: 7_280_000n,
        petersburg: 7_280_000n,
        istanbul: 9_069_000n,
        muirGlacier: 9_200_000n,
        berlin: 12_244_000n,
        london: 12_965_000n,
        arrowGlacier: 13_773_000n,
        grayGlacier: 15_050_000n,
        merge: 15_537_394n,
        shanghai: 17_034_870n,
        cancun: 19_426_589n,
      },
      { prague: 1_746_612_311n },
    ),
  ],
  [
    17_000n, // holesky
    history({ merge: 0n, shanghai: 6_698n, cancun: 894_733n }, { prague: 1_740_434_112n }),
  ],
  [560_048n, history({ cancun: 0n }, { prague: 1_742_999_832n })], // hoodi
  [
    11_155_111n, // sepolia
    history(
      { london: 0n, merge: 1_450_409n, shanghai: 2_990_908n, cancun: 5_187_023n },
      { prague: 1_741_159_776n },
    ),
  ],
]);
