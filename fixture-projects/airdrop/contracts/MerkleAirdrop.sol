// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title Receivers claim with a proof, in the manner of Uniswap's MerkleDistributor: one bit for each
/// claim, tokens from the balance of this contract.
contract MerkleAirdrop {
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    bytes32 public immutable root;
    mapping(uint256 word => uint256 bits) public claimedBitMap;

    event Claimed(uint256 indexed index, address indexed account, uint256 amount);

    error AlreadyClaimed(uint256 index);
    error InvalidProof();

    constructor(IERC20 token_, bytes32 root_) {
        token = token_;
        root = root_;
    }

    function isClaimed(uint256 index) public view returns (bool) {
        return claimedBitMap[index >> 8] >> (index & 255) & 1 == 1;
    }

    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external {
        if (isClaimed(index)) revert AlreadyClaimed(index);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, amount))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert InvalidProof();
        claimedBitMap[index >> 8] |= 1 << (index & 255);
        token.safeTransfer(account, amount);
        emit Claimed(index, account, amount);
    }
}
