// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

contract Crate is Initializable, OwnableUpgradeable {
    uint256 public value;

    function initialize(uint256 value_) public virtual initializer {
        __Ownable_init(msg.sender);
        value = value_;
    }

    function set(uint256 value_) external {
        require(value_ != 13, "Crate: unlucky");
        value = value_;
    }
}

contract CrateV2 is Crate {
    uint256 public added;

    function add(uint256 amount) external {
        added += amount;
    }
}

/// Its layout does not fit Crate's.
contract BadCrate is Initializable, OwnableUpgradeable {
    string public name;
    uint256 public value;

    function initialize() public initializer {
        __Ownable_init(msg.sender);
    }
}

contract UupsCrate is Crate, UUPSUpgradeable {
    function _authorizeUpgrade(address) internal override onlyOwner {}
}

contract UupsCrateV2 is UupsCrate {
    function version() external pure returns (uint256) {
        return 2;
    }
}
