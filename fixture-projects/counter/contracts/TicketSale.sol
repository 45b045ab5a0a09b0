// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A ticket sale that keeps two running totals.
contract TicketSale {
    uint256 public totalSold;
    uint256 public totalVolume;
    mapping(address buyer => uint256 tickets) public ticketsOf;
    bool public closed;

    address public immutable organiser;
    uint256 public immutable price;

    event Bought(address indexed buyer, uint256 tickets, uint256 paid);
    event Closed(uint256 totalSold, uint256 totalVolume);
    event Withdrawn(address indexed to, uint256 amount);

    error NoTickets();
    error SaleClosed();
    error WrongPayment(uint256 paid, uint256 due);
    error OnlyOrganiser(address caller);

    modifier onlyOrganiser() {
        if (msg.sender != organiser) revert OnlyOrganiser(msg.sender);
        _;
    }

    constructor(uint256 price_) {
        organiser = msg.sender;
        price = price_;
    }

    function buy(uint256 tickets) external payable {
        if (closed) revert SaleClosed();
        if (tickets == 0) revert NoTickets();
        uint256 due = tickets * price;
        if (msg.value != due) revert WrongPayment(msg.value, due);

        totalSold += tickets;
        totalVolume += msg.value;
        ticketsOf[msg.sender] += tickets;
        emit Bought(msg.sender, tickets, msg.value);
    }

    function close() external onlyOrganiser {
        closed = true;
        emit Closed(totalSold, totalVolume);
    }

    function withdraw(address payable to) external onlyOrganiser {
        uint256 amount = address(this).balance;
        emit Withdrawn(to, amount);
        (bool sent,) = to.call{value: amount}("");
        require(sent, "TicketSale: transfer failed");
    }
}
