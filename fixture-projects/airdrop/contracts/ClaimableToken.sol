// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title A token that is its own airdrop. What the list promises is part of the supply from the
/// beginning; a claim credits the receiver and takes from nobody.
contract ClaimableToken {
    string public constant name = "Claimable";
    string public constant symbol = "CLM";
    uint8 public constant decimals = 18;

    uint256 public immutable totalSupply;
    bytes32 public immutable root;
    mapping(address account => uint256) public balanceOf;
    mapping(address account => bool) public claimed;

    event Transfer(address indexed from, address indexed to, uint256 value);

    error AlreadyClaimed(address account);
    error InvalidProof();
    error NotEnough(uint256 available, uint256 needed);

    /// @param promised sum of all amounts on the list
    constructor(bytes32 root_, uint256 promised) {
        root = root_;
        totalSupply = promised;
    }

    function claim(address account, uint256 amount, bytes32[] calldata proof) external {
        if (claimed[account]) revert AlreadyClaimed(account);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, amount))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert InvalidProof();
        claimed[account] = true;
        balanceOf[account] += amount;
        emit Transfer(address(0), account, amount);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        uint256 available = balanceOf[msg.sender];
        if (available < value) revert NotEnough(available, value);
        balanceOf[msg.sender] = available - value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}
