pragma solidity =0.6.6;

import "@uniswap/v2-periphery/contracts/UniswapV2Router02.sol";
import "@uniswap/v2-periphery/contracts/test/WETH9.sol";
import "@uniswap/v2-periphery/contracts/test/DeflatingERC20.sol";
