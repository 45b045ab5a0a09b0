// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Enumerable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Enumerable.sol";
import {Sale} from "./Sale.sol";

/// @title Numbered tokens that can be listed on chain.
contract EnumerableCollection is ERC721Enumerable, Sale {
    uint256 private _nextTokenId;

    constructor(uint256 price_, address[] memory holders) ERC721("Enumerable", "ENUM") Sale(price_) {
        for (uint256 i = 0; i < holders.length; i++) _mintNext(holders[i], 2);
    }

    function mint(uint256 quantity) external payable paid(quantity) {
        _mintNext(msg.sender, quantity);
    }

    function _mintNext(address to, uint256 quantity) private {
        for (uint256 i = 0; i < quantity; i++) _mint(to, _nextTokenId++);
    }
}
