// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Accounts} from "./Accounts.sol";

/// @title The same trade without a shared head: an order's id is a hash of its trader and a number of
/// the trader's own, and whoever matches names the two orders. Queues and best prices are for indexers.
contract PairedOrders is Accounts {
    uint256 public constant MAX_PRICE = 255;

    struct Order {
        address trader;
        bool isBuy;
        uint32 price;
        uint32 amount;
    }

    mapping(bytes32 id => Order) public orders;
    mapping(address trader => uint256 count) public nonceOf;

    event Placed(bytes32 indexed id, address indexed trader, bool isBuy, uint32 price, uint32 amount);
    event Cancelled(bytes32 indexed id, uint32 amount);
    event Matched(bytes32 indexed buyId, bytes32 indexed sellId, uint32 price, uint32 amount);

    error InvalidOrder();
    error NotYourOrder(bytes32 id);
    error NothingToMatch();

    function idOf(address trader, uint256 nonce) public pure returns (bytes32) {
        return keccak256(abi.encode(trader, nonce));
    }

    function place(bool isBuy, uint32 price, uint32 amount) external returns (bytes32 id) {
        if (price == 0 || price > MAX_PRICE || amount == 0) revert InvalidOrder();
        _lock(msg.sender, isBuy, price, amount);

        id = idOf(msg.sender, nonceOf[msg.sender]++);
        orders[id] = Order(msg.sender, isBuy, price, amount);
        emit Placed(id, msg.sender, isBuy, price, amount);
    }

    function cancel(bytes32 id) external {
        Order storage order = orders[id];
        uint32 amount = order.amount;
        if (order.trader != msg.sender || amount == 0) revert NotYourOrder(id);
        order.amount = 0;
        _unlock(msg.sender, order.isBuy, order.price, amount);
        emit Cancelled(id, amount);
    }

    function matchPair(bytes32 buyId, bytes32 sellId, uint32 most) external {
        Order storage buy = orders[buyId];
        Order storage sell = orders[sellId];
        uint32 amount = buy.amount < sell.amount ? buy.amount : sell.amount;
        if (most < amount) amount = most;
        uint32 price = sell.price;
        if (amount == 0 || !buy.isBuy || sell.isBuy || buy.price < price) revert NothingToMatch();
        buy.amount -= amount;
        sell.amount -= amount;
        goods[buy.trader] += amount;
        cash[sell.trader] += uint256(price) * amount;
        cash[buy.trader] += uint256(buy.price - price) * amount;
        emit Matched(buyId, sellId, price, amount);
    }
}
