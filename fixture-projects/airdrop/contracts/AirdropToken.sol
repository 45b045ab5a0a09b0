// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token whose whole supply belongs to its deployer at first.
contract AirdropToken is ERC20 {
    constructor(uint256 supply) ERC20("Airdropped", "AIR") {
        _mint(msg.sender, supply);
    }
}
