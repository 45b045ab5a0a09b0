/** "hardhat-parallel": what a hardhat.config imports. */
import "./hardhat2";

export type {
  ParallelConfig,
  ParallelReportConfig,
  ParallelReportUserConfig,
  ParallelUserConfig,
} from "./hardhat2";
