// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title What loans cost and how much of the collateral they may be. 1e18 stands for 100 %.
library Terms {
    uint256 internal constant ONE = 1e18;
    uint256 internal constant INTEREST_PER_BLOCK = 1e12;
    uint256 internal constant RESERVE_SHARE = 0.1e18;
    uint256 internal constant BORROW_LIMIT = 0.75e18;
    uint256 internal constant LIQUIDATION_LIMIT = 0.8e18;
    uint256 internal constant LIQUIDATION_BONUS = 1.08e18;

    function interest(uint256 amount, uint256 blocks) internal pure returns (uint256) {
        return amount * INTEREST_PER_BLOCK * blocks / ONE;
    }

    function mayBorrow(uint256 debt, uint256 collateral, uint256 price) internal pure returns (bool) {
        return debt <= collateral * price / ONE * BORROW_LIMIT / ONE;
    }

    function mayLiquidate(uint256 debt, uint256 collateral, uint256 price) internal pure returns (bool) {
        return debt > collateral * price / ONE * LIQUIDATION_LIMIT / ONE;
    }

    /// @notice Units of collateral that the one who pays `paid` of another's debt may take.
    function seized(uint256 paid, uint256 price) internal pure returns (uint256) {
        return paid * LIQUIDATION_BONUS / price;
    }
}
