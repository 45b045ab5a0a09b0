// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title The same sale without running totals: it is the token as well, ether stays until the wallet
/// takes it, a limit holds for each buyer, and sums are worked out from the ether when someone looks.
contract SettledCrowdsale {
    string public constant name = "Crowd";
    string public constant symbol = "CRWD";
    uint8 public constant decimals = 18;

    address payable public immutable wallet;
    /// @notice Token units for a wei.
    uint256 public immutable rate;
    /// @notice Wei that one beneficiary may be bought tokens for.
    uint256 public immutable limit;

    uint256 public settled;
    mapping(address beneficiary => uint256 paid) public contributionOf;
    mapping(address owner => uint256) public balanceOf;

    event TokenPurchase(address indexed purchaser, address indexed beneficiary, uint256 value, uint256 amount);
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Settled(uint256 amount);

    error NothingPaid();
    error NoBeneficiary();
    error LimitExceeded(uint256 paid, uint256 limit);
    error NotEnough(uint256 available, uint256 needed);

    constructor(uint256 rate_, uint256 limit_, address payable wallet_) {
        rate = rate_;
        limit = limit_;
        wallet = wallet_;
    }

    receive() external payable {
        buyTokens(msg.sender);
    }

    function weiRaised() public view returns (uint256) {
        return settled + address(this).balance;
    }

    function totalSupply() external view returns (uint256) {
        return weiRaised() * rate;
    }

    function buyTokens(address beneficiary) public payable {
        if (beneficiary == address(0)) revert NoBeneficiary();
        if (msg.value == 0) revert NothingPaid();
        uint256 paid = contributionOf[beneficiary] + msg.value;
        if (paid > limit) revert LimitExceeded(paid, limit);

        uint256 amount = msg.value * rate;
        contributionOf[beneficiary] = paid;
        balanceOf[beneficiary] += amount;
        emit Transfer(address(0), beneficiary, amount);
        emit TokenPurchase(msg.sender, beneficiary, msg.value, amount);
    }

    /// @notice Pays the wallet what has come in. Anyone may ask for it.
    function settle() external {
        uint256 amount = address(this).balance;
        settled += amount;
        emit Settled(amount);
        (bool sent,) = wallet.call{value: amount}("");
        require(sent, "SettledCrowdsale: transfer failed");
    }

    function transfer(address to, uint256 value) external returns (bool) {
        uint256 available = balanceOf[msg.sender];
        if (available < value) revert NotEnough(available, value);
        balanceOf[msg.sender] = available - value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}
