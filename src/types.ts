/** "hardhat-parallel/types": the types of the package's data, without any code. */
export type {
  BlockRecord,
  Frame,
  FrameAccess,
  ObservedExecution,
  RunHeader,
  TransactionRecord,
  TransactionTrace,
  WriteRecord,
} from "./access-log/block-record";
export type { ChainConfig } from "./chain/chain";
export type { ParallelConfig, ParallelUserConfig } from "./hardhat2/config";
export type { ParallelReportConfig, ParallelReportUserConfig } from "./hardhat2/report-config";
export type { FailedExecution, ParallelNetwork, ParallelNetworkOptions } from "./network";
export type { Address, Hash, Hex } from "./state/hex";
export type { Location } from "./state/location";
export type { Read, ReadSet } from "./state/read-set";
export type { Write, WriteSet } from "./state/write-set";
