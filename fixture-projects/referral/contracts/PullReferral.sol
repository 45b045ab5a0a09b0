// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title The same program without numbers and totals: a payment is noted with its payer, and those
/// above come for their shares of it when they like.
contract PullReferral {
    uint256 public constant LEVELS = 3;

    mapping(address account => address) public referrerOf;
    mapping(address account => uint256) public paidBy;
    /// @notice What of a customer's payments somebody above has had a share of.
    mapping(address account => mapping(address customer => uint256)) public settledOf;

    address public immutable root;

    event Registered(address indexed account, address indexed referrer);
    event Paid(address indexed account, uint256 amount);
    event Commission(address indexed to, address indexed from, uint256 level, uint256 amount);

    error AlreadyRegistered(address account);
    error NotRegistered(address account);
    error NothingPaid();
    error NothingEarned();
    error NotAbove(address account, address customer);

    constructor() {
        root = msg.sender;
    }

    function isRegistered(address account) public view returns (bool) {
        return account == root || referrerOf[account] != address(0);
    }

    /// @notice Per cent of a payment that the referrer gets, and those above.
    function shareOf(uint256 level) public pure returns (uint256) {
        return level == 0 ? 10 : level == 1 ? 5 : 2;
    }

    function register(address referrer) external {
        if (isRegistered(msg.sender)) revert AlreadyRegistered(msg.sender);
        if (!isRegistered(referrer)) revert NotRegistered(referrer);
        referrerOf[msg.sender] = referrer;
        emit Registered(msg.sender, referrer);
    }

    function payCommission() external payable {
        if (!isRegistered(msg.sender)) revert NotRegistered(msg.sender);
        if (msg.value == 0) revert NothingPaid();
        paidBy[msg.sender] += msg.value;
        emit Paid(msg.sender, msg.value);
    }

    /// @notice Pays the caller its share of what these customers have paid since the last time.
    function withdraw(address[] calldata customers) external {
        uint256 sum;
        for (uint256 i = 0; i < customers.length; i++) {
            address customer = customers[i];
            uint256 level = _levelAbove(customer, msg.sender);
            uint256 unsettled = paidBy[customer] - settledOf[msg.sender][customer];
            settledOf[msg.sender][customer] += unsettled;
            uint256 amount = unsettled * shareOf(level) / 100;
            sum += amount;
            emit Commission(msg.sender, customer, level, amount);
        }
        if (sum == 0) revert NothingEarned();
        (bool sent,) = msg.sender.call{value: sum}("");
        require(sent, "PullReferral: transfer failed");
    }

    function _levelAbove(address customer, address account) private view returns (uint256 level) {
        address above = referrerOf[customer];
        while (above != account) {
            level++;
            if (level == LEVELS || above == address(0)) revert NotAbove(account, customer);
            above = referrerOf[above];
        }
    }
}
