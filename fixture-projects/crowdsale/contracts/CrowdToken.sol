// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title The token on sale, minted by the sale that made it.
contract CrowdToken is ERC20 {
    address public immutable minter;

    error OnlyMinter(address caller);

    constructor() ERC20("Crowd", "CRWD") {
        minter = msg.sender;
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert OnlyMinter(msg.sender);
        _mint(to, amount);
    }
}
