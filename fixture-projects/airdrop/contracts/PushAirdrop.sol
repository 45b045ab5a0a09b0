// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Agents send tokens that this contract holds to lists of receivers.
contract PushAirdrop {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    address public immutable owner;
    mapping(address agent => bool) public isAgent;

    event AgentsAdded(uint256 count);
    event Distributed(address indexed agent, uint256 receivers, uint256 amount);

    error OnlyOwner(address caller);
    error OnlyAgent(address caller);

    constructor(IERC20 token_) {
        token = token_;
        owner = msg.sender;
    }

    function addAgents(address[] calldata agents) external {
        if (msg.sender != owner) revert OnlyOwner(msg.sender);
        for (uint256 i = 0; i < agents.length; i++) isAgent[agents[i]] = true;
        emit AgentsAdded(agents.length);
    }

    function distribute(address[] calldata receivers, uint256 amount) external {
        if (!isAgent[msg.sender]) revert OnlyAgent(msg.sender);
        for (uint256 i = 0; i < receivers.length; i++) token.safeTransfer(receivers[i], amount);
        emit Distributed(msg.sender, receivers.length, amount);
    }
}
