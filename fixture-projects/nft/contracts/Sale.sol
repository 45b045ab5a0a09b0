// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title What the three collections have in common: an artist, a price, a sale that is open or not.
abstract contract Sale {
    address public immutable artist;

    uint256 public price;
    bool public saleOpen = true;

    event SaleChanged(bool open, uint256 price);
    event Withdrawn(uint256 amount);

    error OnlyArtist(address caller);
    error SaleClosed();
    error WrongPayment(uint256 paid, uint256 due);
    error NothingToMint();

    modifier onlyArtist() {
        if (msg.sender != artist) revert OnlyArtist(msg.sender);
        _;
    }

    modifier paid(uint256 quantity) {
        if (!saleOpen) revert SaleClosed();
        if (quantity == 0) revert NothingToMint();
        if (msg.value != quantity * price) revert WrongPayment(msg.value, quantity * price);
        _;
    }

    constructor(uint256 price_) {
        artist = msg.sender;
        price = price_;
    }

    function setSale(bool open, uint256 price_) external onlyArtist {
        saleOpen = open;
        price = price_;
        emit SaleChanged(open, price_);
    }

    function withdraw() external onlyArtist {
        uint256 amount = address(this).balance;
        emit Withdrawn(amount);
        (bool sent,) = artist.call{value: amount}("");
        require(sent, "Sale: transfer failed");
    }
}
