/**
 * Where the network of Hardhat 2 and that of Hardhat 3 answer differently: everything is here, and
 * the rest of the room asks a `Dialect`.
 */
import { shownHardfork } from "./hardforks";

export type DialectName = "hardhat2" | "hardhat3";

export interface Dialect {
  readonly name: DialectName;
  /** the six methods that Hardhat 2 answers itself: hardhat_reset, eth_mining, … */
  readonly hasHardhat2Methods: boolean;
  /** logs carry `blockTimestamp` */
  readonly logsHaveTimestamp: boolean;
  /** reverts carry this code and `solidityStack` */
  readonly revertCode: number | undefined;
  /** name property of the error for reverts */
  readonly revertErrorName: string;
  /** spelling of a hardfork in messages */
  hardfork(name: string): string;
  /** eth_estimateGas demands that no inner call runs out of gas */
  readonly estimatesWithoutInnerOutOfGas: boolean;
  /** hardhat_metadata.clientVersion: Hardhat's own engine name, which tools expect to see */
  readonly engineVersion: string;
}

const HARDHAT2: Dialect = {
  name: "hardhat2",
  hasHardhat2Methods: true,
  logsHaveTimestamp: false,
  revertCode: undefined,
  revertErrorName: "Error",
  hardfork: shownHardfork,
  estimatesWithoutInnerOutOfGas: false,
  engineVersion: "edr/0.3.8/revm/33.1.0",
};

const HARDHAT3: Dialect = {
  ...HARDHAT2,
  name: "hardhat3",
  hasHardhat2Methods: false,
  logsHaveTimestamp: true,
  revertCode: 3,
  revertErrorName: "SolidityError",
  hardfork: (name) => {
    const shown = shownHardfork(name);
    return shown.charAt(0) + shown.slice(1).toLowerCase();
  },
  estimatesWithoutInnerOutOfGas: true,
};

export function dialectOf(name: DialectName): Dialect {
  return name === "hardhat2" ? HARDHAT2 : HARDHAT3;
}
