// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {PriceFeed} from "./PriceFeed.sol";
import {Terms} from "./Terms.sol";

/// @title One market that lends ether against collateral, in the manner of Compound's CEther.
/// Interest is added by every transaction. Collateral is held by a custodian who credits it here.
contract LendingMarket {
    struct BorrowSnapshot {
        uint256 principal;
        uint256 interestIndex;
    }

    bool private _notEntered = true;
    uint256 public accrualBlockNumber;
    uint256 public borrowIndex = Terms.ONE;
    uint256 public totalBorrows;
    uint256 public totalReserves;
    uint256 public totalSupply;
    mapping(address lender => uint256 shares) public accountTokens;
    mapping(address borrower => BorrowSnapshot) public accountBorrows;
    mapping(address owner => uint256 units) public collateral;

    PriceFeed public immutable feed;
    address public immutable custodian;

    event Deposited(address indexed lender, uint256 amount, uint256 shares);
    event Redeemed(address indexed lender, uint256 amount, uint256 shares);
    event Borrowed(address indexed borrower, uint256 amount);
    event Repaid(address indexed borrower, uint256 amount);
    event Liquidated(address indexed borrower, address indexed liquidator, uint256 paid, uint256 seized);

    error Reentered();
    error OnlyCustodian(address caller);
    error NothingPaid();
    error TooMuch(uint256 amount, uint256 limit);
    error NotEnoughCollateral();
    error StillCovered();

    modifier nonReentrant() {
        if (!_notEntered) revert Reentered();
        _notEntered = false;
        _;
        _notEntered = true;
    }

    constructor(PriceFeed feed_) {
        feed = feed_;
        custodian = msg.sender;
        accrualBlockNumber = block.number;
    }

    function creditCollateral(address[] calldata owners, uint256 units) external {
        if (msg.sender != custodian) revert OnlyCustodian(msg.sender);
        for (uint256 i = 0; i < owners.length; i++) collateral[owners[i]] += units;
    }

    function accrueInterest() public {
        uint256 blocks = block.number - accrualBlockNumber;
        uint256 interest = Terms.interest(totalBorrows, blocks);
        accrualBlockNumber = block.number;
        borrowIndex += Terms.interest(borrowIndex, blocks);
        totalBorrows += interest;
        totalReserves += interest * Terms.RESERVE_SHARE / Terms.ONE;
    }

    function deposit() external payable nonReentrant {
        if (msg.value == 0) revert NothingPaid();
        accrueInterest();
        uint256 cash = address(this).balance - msg.value;
        uint256 shares = totalSupply == 0 ? msg.value : msg.value * totalSupply / _worth(cash);
        totalSupply += shares;
        accountTokens[msg.sender] += shares;
        emit Deposited(msg.sender, msg.value, shares);
    }

    function redeem(uint256 shares) external nonReentrant {
        accrueInterest();
        uint256 held = accountTokens[msg.sender];
        if (shares > held) revert TooMuch(shares, held);
        uint256 amount = shares * _worth(address(this).balance) / totalSupply;
        accountTokens[msg.sender] = held - shares;
        totalSupply -= shares;
        emit Redeemed(msg.sender, amount, shares);
        _pay(amount);
    }

    function borrow(uint256 amount) external nonReentrant {
        accrueInterest();
        uint256 debt = owed(msg.sender) + amount;
        if (!Terms.mayBorrow(debt, collateral[msg.sender], feed.price())) revert NotEnoughCollateral();
        accountBorrows[msg.sender] = BorrowSnapshot(debt, borrowIndex);
        totalBorrows += amount;
        emit Borrowed(msg.sender, amount);
        _pay(amount);
    }

    function repay() external payable nonReentrant {
        accrueInterest();
        _reduceDebt(msg.sender, msg.value, owed(msg.sender));
        emit Repaid(msg.sender, msg.value);
    }

    /// @notice Pays up to half of a debt that its collateral no longer covers, for collateral.
    function liquidate(address borrower) external payable nonReentrant {
        accrueInterest();
        uint256 debt = owed(borrower);
        uint256 price = feed.price();
        if (!Terms.mayLiquidate(debt, collateral[borrower], price)) revert StillCovered();
        if (msg.value > debt / 2) revert TooMuch(msg.value, debt / 2);
        uint256 units = Terms.seized(msg.value, price);
        collateral[borrower] -= units;
        collateral[msg.sender] += units;
        _reduceDebt(borrower, msg.value, debt);
        emit Liquidated(borrower, msg.sender, msg.value, units);
    }

    /// @notice Debt of a borrower, with interest up to the last accrual.
    function owed(address borrower) public view returns (uint256) {
        BorrowSnapshot storage snapshot = accountBorrows[borrower];
        if (snapshot.principal == 0) return 0;
        return snapshot.principal * borrowIndex / snapshot.interestIndex;
    }

    function _reduceDebt(address borrower, uint256 paid, uint256 debt) private {
        if (paid == 0) revert NothingPaid();
        if (paid > debt) revert TooMuch(paid, debt);
        accountBorrows[borrower] = BorrowSnapshot(debt - paid, borrowIndex);
        totalBorrows = totalBorrows > paid ? totalBorrows - paid : 0;
    }

    function _worth(uint256 cash) private view returns (uint256) {
        return cash + totalBorrows - totalReserves;
    }

    function _pay(uint256 amount) private {
        uint256 cash = address(this).balance;
        if (amount > cash) revert TooMuch(amount, cash);
        (bool sent,) = msg.sender.call{value: amount}("");
        require(sent, "LendingMarket: transfer failed");
    }
}
