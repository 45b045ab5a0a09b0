/** Makes `parallel` a typed key of Hardhat 2's configuration. Types only. */
import "hardhat/types/config";
import type { ParallelConfig, ParallelUserConfig } from "./config";

declare module "hardhat/types/config" {
  interface HardhatUserConfig {
    /** Options of hardhat-parallel. */
    parallel?: ParallelUserConfig;
  }

  interface HardhatConfig {
    parallel: ParallelConfig;
  }
}
