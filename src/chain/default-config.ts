/** The config of a chain as Hardhat 2 begins one without any config of the user's, but for accounts. */
import type { ChainConfig } from "./chain";

/** EIP-7825 */
const TRANSACTION_GAS_CAP = 16_777_216n;

/** Without accounts: they have private keys, which the caller chooses. */
export const DEFAULT_CHAIN_CONFIG: ChainConfig = {
  chainId: 31337n,
  networkId: 31337n,
  hardfork: "osaka",
  blockGasLimit: 60_000_000n,
  transactionGasCap: TRANSACTION_GAS_CAP,
  initialBaseFeePerGas: null,
  minGasPrice: 0n,
  coinbase: "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e",
  accounts: [],
  genesisState: new Map(),
  automine: true,
  miningInterval: 0,
  mempoolOrder: "priority",
  allowUnlimitedContractSize: false,
  allowBlocksWithSameTimestamp: false,
  initialTimestamp: null,
};
