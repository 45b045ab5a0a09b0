// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title What both order books keep for a trader: cash (wei) and goods, credited by the operator.
/// A sum in an open order is taken out of the balance until the order is filled or cancelled.
abstract contract Accounts {
    address public immutable operator;

    mapping(address trader => uint256 amount) public cash;
    mapping(address trader => uint256 amount) public goods;

    event Opened(address indexed trader, uint256 cash, uint256 goods);
    event Withdrawn(address indexed trader, uint256 cash);

    error OnlyOperator(address caller);
    error WrongTotal(uint256 sent, uint256 needed);
    error NotEnough(uint256 available, uint256 needed);

    constructor() {
        operator = msg.sender;
    }

    /// @notice Credits each trader with the same cash and goods. The cash of all is paid in.
    function open(address[] calldata traders, uint256 cashEach, uint256 goodsEach) external payable {
        if (msg.sender != operator) revert OnlyOperator(msg.sender);
        uint256 needed = traders.length * cashEach;
        if (msg.value != needed) revert WrongTotal(msg.value, needed);
        for (uint256 i = 0; i < traders.length; i++) {
            cash[traders[i]] += cashEach;
            goods[traders[i]] += goodsEach;
            emit Opened(traders[i], cashEach, goodsEach);
        }
    }

    function withdraw(uint256 amount) external {
        _take(cash, msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
        (bool sent,) = msg.sender.call{value: amount}("");
        require(sent, "Accounts: transfer failed");
    }

    function _lock(address trader, bool isBuy, uint256 price, uint256 amount) internal {
        if (isBuy) _take(cash, trader, price * amount);
        else _take(goods, trader, amount);
    }

    function _unlock(address trader, bool isBuy, uint256 price, uint256 amount) internal {
        if (isBuy) cash[trader] += price * amount;
        else goods[trader] += amount;
    }

    function _take(mapping(address => uint256) storage balances, address trader, uint256 amount) private {
        uint256 available = balances[trader];
        if (available < amount) revert NotEnough(available, amount);
        balances[trader] = available - amount;
    }
}
