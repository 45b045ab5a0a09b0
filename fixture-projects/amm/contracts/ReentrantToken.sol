// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {TestToken} from "./TestToken.sol";
import {Pool} from "./Pool.sol";

/// @title A token that calls back into a pool while it is being paid out.
contract ReentrantToken is TestToken {
    Pool public victim;

    constructor() TestToken("Reentrant", "RE") {}

    function attack(Pool pool) external {
        victim = pool;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (address(victim) != address(0) && from == address(victim)) victim.swap(1, 0, to);
    }
}
