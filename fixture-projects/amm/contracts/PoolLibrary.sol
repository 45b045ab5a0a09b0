// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Prices of a constant-product pool with a fee of 0.3 %.
library PoolLibrary {
    error InsufficientInputAmount();
    error InsufficientLiquidity();

    function amountOut(uint256 amountIn, uint256 reserveIn, uint256 reserveOut)
        internal
        pure
        returns (uint256)
    {
        if (amountIn == 0) revert InsufficientInputAmount();
        if (reserveIn == 0 || reserveOut == 0) revert InsufficientLiquidity();
        uint256 amountInWithFee = amountIn * 997;
        return amountInWithFee * reserveOut / (reserveIn * 1000 + amountInWithFee);
    }
}
