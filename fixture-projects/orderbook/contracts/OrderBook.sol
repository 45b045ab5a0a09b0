// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Accounts} from "./Accounts.sol";

/// @title An order book kept on chain: numbered orders, a queue per price, best prices at hand.
/// Anyone may match the two orders at the head of the book.
contract OrderBook is Accounts {
    /// @notice Prices go from 1 to this.
    uint256 public constant MAX_PRICE = 255;

    struct Order {
        address trader;
        bool isBuy;
        uint32 price;
        uint32 amount;
    }

    /// @dev First and last order of a queue, and the amount that is open in it.
    struct Level {
        uint64 head;
        uint64 tail;
        uint128 total;
    }

    uint256 public nextOrderId = 1;
    uint256 public bestBid;
    uint256 public bestAsk;
    mapping(uint256 id => Order) public orders;
    mapping(uint256 id => uint256 id_) public nextInQueue;
    mapping(uint256 price => Level) public bids;
    mapping(uint256 price => Level) public asks;

    event Placed(uint256 indexed id, address indexed trader, bool isBuy, uint32 price, uint32 amount);
    event Cancelled(uint256 indexed id, uint32 amount);
    event Matched(uint256 indexed buyId, uint256 indexed sellId, uint32 price, uint32 amount);

    error InvalidOrder();
    error NotYourOrder(uint256 id);
    error NothingToMatch();

    function place(bool isBuy, uint32 price, uint32 amount) external returns (uint256 id) {
        if (price == 0 || price > MAX_PRICE || amount == 0) revert InvalidOrder();
        _lock(msg.sender, isBuy, price, amount);

        id = nextOrderId++;
        orders[id] = Order(msg.sender, isBuy, price, amount);
        Level storage level = isBuy ? bids[price] : asks[price];
        if (level.head == 0) level.head = uint64(id);
        else nextInQueue[level.tail] = id;
        level.tail = uint64(id);
        level.total += amount;
        if (isBuy ? price > bestBid : bestAsk == 0 || price < bestAsk) _setBest(isBuy, price);
        emit Placed(id, msg.sender, isBuy, price, amount);
    }

    /// @notice Gives back what is open. The order stays in its queue, empty, until matching passes it.
    function cancel(uint256 id) external {
        Order storage order = orders[id];
        uint32 amount = order.amount;
        if (order.trader != msg.sender || amount == 0) revert NotYourOrder(id);
        order.amount = 0;
        (order.isBuy ? bids : asks)[order.price].total -= amount;
        _unlock(msg.sender, order.isBuy, order.price, amount);
        emit Cancelled(id, amount);
    }

    /// @notice Trades at most `most` between the best bid and the best ask, at the ask's price.
    function matchBest(uint32 most) external {
        _skipEmpty(true);
        _skipEmpty(false);
        if (bestBid == 0 || bestAsk == 0 || bestBid < bestAsk) revert NothingToMatch();
        Level storage bidLevel = bids[bestBid];
        Level storage askLevel = asks[bestAsk];
        uint256 buyId = _firstOpen(bidLevel);
        uint256 sellId = _firstOpen(askLevel);
        Order storage buy = orders[buyId];
        Order storage sell = orders[sellId];

        uint32 amount = buy.amount < sell.amount ? buy.amount : sell.amount;
        if (most < amount) amount = most;
        uint32 price = sell.price;
        buy.amount -= amount;
        sell.amount -= amount;
        bidLevel.total -= amount;
        askLevel.total -= amount;
        goods[buy.trader] += amount;
        cash[sell.trader] += uint256(price) * amount;
        cash[buy.trader] += uint256(buy.price - price) * amount;
        emit Matched(buyId, sellId, price, amount);
    }

    function _setBest(bool isBuy, uint256 price) private {
        if (isBuy) bestBid = price;
        else bestAsk = price;
    }

    /// @dev Moves the best price on while nothing is open at it; 0 if nothing is open at all.
    function _skipEmpty(bool isBuy) private {
        uint256 price = isBuy ? bestBid : bestAsk;
        uint256 from = price;
        while (price != 0 && (isBuy ? bids : asks)[price].total == 0) {
            if (isBuy) price--;
            else price = price == MAX_PRICE ? 0 : price + 1;
        }
        if (price != from) _setBest(isBuy, price);
    }

    function _firstOpen(Level storage level) private returns (uint256 id) {
        id = level.head;
        uint256 from = id;
        while (orders[id].amount == 0) id = nextInQueue[id];
        if (id != from) level.head = uint64(id);
    }
}
