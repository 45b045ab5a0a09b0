// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

contract Child {
  uint256 public number;

  constructor(uint256 first) {
    number = first;
  }

  function increase() external {
    number++;
  }
}

contract Factory {
  Child[] public children;
  mapping(bytes32 salt => address) public clones;

  function make(uint256 first) external {
    children.push(new Child(first));
  }

  function makeAt(bytes32 salt, uint256 first) external {
    children.push(new Child{salt: salt}(first));
  }

  function clone(address implementation, bytes32 salt) external {
    clones[salt] = salt == 0 ? Clones.clone(implementation) : Clones.cloneDeterministic(implementation, salt);
  }
}
