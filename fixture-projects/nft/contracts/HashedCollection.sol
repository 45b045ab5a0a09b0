// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Sale} from "./Sale.sol";

/// @title Tokens whose ids are hashes of their first owner and that owner's own count, so that no two
/// owners share a counter. Lists and totals are for indexers.
contract HashedCollection is ERC721, Sale {
    mapping(address owner => uint256 count) public mintedBy;

    constructor(uint256 price_, address[] memory holders) ERC721("Hashed", "HASH") Sale(price_) {
        for (uint256 i = 0; i < holders.length; i++) _mintHashed(holders[i], 2);
    }

    function idOf(address firstOwner, uint256 count) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(firstOwner, count)));
    }

    function mint(uint256 quantity) external payable paid(quantity) {
        _mintHashed(msg.sender, quantity);
    }

    function _mintHashed(address to, uint256 quantity) private {
        uint256 count = mintedBy[to];
        mintedBy[to] = count + quantity;
        for (uint256 i = 0; i < quantity; i++) _mint(to, idOf(to, count + i));
    }
}
