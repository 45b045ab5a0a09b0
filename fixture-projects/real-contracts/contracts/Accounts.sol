// SPDX-License-Identifier: GPL-3.0
pragma solidity 0.8.28;

import {EntryPoint} from "@account-abstraction/contracts/core/EntryPoint.sol";
import {BasePaymaster} from "@account-abstraction/contracts/core/BasePaymaster.sol";
import {IEntryPoint} from "@account-abstraction/contracts/interfaces/IEntryPoint.sol";
import {PackedUserOperation} from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";
import {SimpleAccount} from "@account-abstraction/contracts/accounts/SimpleAccount.sol";
import {SimpleAccountFactory} from "@account-abstraction/contracts/accounts/SimpleAccountFactory.sol";
import {Simple7702Account} from "@account-abstraction/contracts/accounts/Simple7702Account.sol";

/// Pays for everyone but those who are blocked.
contract OpenPaymaster is BasePaymaster {
    mapping(address => bool) public blocked;

    event Paid(address sender, uint256 cost);

    constructor(IEntryPoint entryPoint_) BasePaymaster(entryPoint_) {}

    function setBlocked(address sender, bool value) external {
        blocked[sender] = value;
    }

    function _validatePaymasterUserOp(PackedUserOperation calldata op, bytes32, uint256) internal view override returns (bytes memory, uint256) {
        require(!blocked[op.sender], "OpenPaymaster: blocked");
        return (abi.encode(op.sender), 0);
    }

    function _postOp(PostOpMode, bytes calldata context, uint256 cost, uint256) internal override {
        emit Paid(abi.decode(context, (address)), cost);
    }
}

contract Tally {
    mapping(address => uint256) public count;

    event Counted(address indexed who, uint256 count);

    function add() external payable {
        emit Counted(msg.sender, ++count[msg.sender]);
    }

    function fail() external pure {
        revert("Tally: no");
    }
}
