// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Price of one unit of collateral in wei, kept by a keeper.
contract PriceFeed {
    address public immutable keeper;
    uint256 public price;

    event PriceSet(uint256 price);

    error OnlyKeeper(address caller);

    constructor(address keeper_, uint256 price_) {
        keeper = keeper_;
        price = price_;
    }

    function setPrice(uint256 price_) external {
        if (msg.sender != keeper) revert OnlyKeeper(msg.sender);
        price = price_;
        emit PriceSet(price_);
    }
}
