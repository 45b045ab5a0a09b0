// SPDX-License-Identifier: BUSL-1.1
pragma solidity 0.8.10;

import {Pool} from "@aave/core-v3/contracts/protocol/pool/Pool.sol";
import {PoolConfigurator} from "@aave/core-v3/contracts/protocol/pool/PoolConfigurator.sol";
import {DefaultReserveInterestRateStrategy} from "@aave/core-v3/contracts/protocol/pool/DefaultReserveInterestRateStrategy.sol";
import {PoolAddressesProvider} from "@aave/core-v3/contracts/protocol/configuration/PoolAddressesProvider.sol";
import {ACLManager} from "@aave/core-v3/contracts/protocol/configuration/ACLManager.sol";
import {AToken} from "@aave/core-v3/contracts/protocol/tokenization/AToken.sol";
import {StableDebtToken} from "@aave/core-v3/contracts/protocol/tokenization/StableDebtToken.sol";
import {VariableDebtToken} from "@aave/core-v3/contracts/protocol/tokenization/VariableDebtToken.sol";
import {AaveOracle} from "@aave/core-v3/contracts/misc/AaveOracle.sol";
import {AaveProtocolDataProvider} from "@aave/core-v3/contracts/misc/AaveProtocolDataProvider.sol";
import {MintableERC20} from "@aave/core-v3/contracts/mocks/tokens/MintableERC20.sol";
import {MockAggregator} from "@aave/core-v3/contracts/mocks/oracle/CLAggregators/MockAggregator.sol";
import {MockFlashLoanReceiver} from "@aave/core-v3/contracts/mocks/flashloan/MockFlashLoanReceiver.sol";
