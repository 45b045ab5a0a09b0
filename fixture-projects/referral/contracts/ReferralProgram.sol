// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Customers bring customers. What one pays earns a share for up to three levels above.
contract ReferralProgram {
    struct User {
        uint64 id;
        address referrer;
    }

    uint256 public constant LEVELS = 3;

    address[] public users;
    mapping(address account => User) public userOf;
    mapping(address account => uint256) public commissionOf;
    uint256 public totalPaid;

    address public immutable root;

    event Registered(uint256 indexed id, address indexed account, address indexed referrer);
    event Commission(address indexed to, address indexed from, uint256 level, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    error AlreadyRegistered(address account);
    error NotRegistered(address account);
    error NothingPaid();
    error NothingEarned();

    constructor() {
        root = msg.sender;
        _add(msg.sender, address(0));
    }

    function userCount() external view returns (uint256) {
        return users.length;
    }

    /// @notice Per cent of a payment that the referrer gets, and those above.
    function shareOf(uint256 level) public pure returns (uint256) {
        return level == 0 ? 10 : level == 1 ? 5 : 2;
    }

    function register(address referrer) external {
        if (userOf[msg.sender].id != 0) revert AlreadyRegistered(msg.sender);
        if (userOf[referrer].id == 0) revert NotRegistered(referrer);
        _add(msg.sender, referrer);
    }

    /// @notice Takes a payment and credits the payer's upline.
    function payCommission() external payable {
        if (userOf[msg.sender].id == 0) revert NotRegistered(msg.sender);
        if (msg.value == 0) revert NothingPaid();
        address above = userOf[msg.sender].referrer;
        uint256 sum;
        for (uint256 level = 0; level < LEVELS && above != address(0); level++) {
            uint256 amount = msg.value * shareOf(level) / 100;
            commissionOf[above] += amount;
            sum += amount;
            emit Commission(above, msg.sender, level, amount);
            above = userOf[above].referrer;
        }
        totalPaid += sum;
    }

    function withdraw() external {
        uint256 amount = commissionOf[msg.sender];
        if (amount == 0) revert NothingEarned();
        commissionOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool sent,) = msg.sender.call{value: amount}("");
        require(sent, "ReferralProgram: transfer failed");
    }

    function _add(address account, address referrer) private {
        users.push(account);
        userOf[account] = User(uint64(users.length), referrer);
        emit Registered(users.length, account, referrer);
    }
}
