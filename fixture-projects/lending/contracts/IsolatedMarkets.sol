// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Terms} from "./Terms.sol";

/// @title The same loans, split: each market has a collateral, a price and an ether pool of its own.
/// Interest is added by the first transaction of a block in a market; the others find it done and
/// write nothing. Ether goes out last, so no lock is needed.
contract IsolatedMarkets {
    struct BorrowSnapshot {
        uint256 principal;
        uint256 interestIndex;
    }

    struct Market {
        uint256 accrualBlockNumber;
        uint256 borrowIndex;
        uint256 totalBorrows;
        uint256 totalReserves;
        uint256 totalSupply;
        uint256 cash;
    }

    mapping(uint256 id => Market) public markets;
    mapping(uint256 id => uint256 price) public priceOf;
    mapping(uint256 id => mapping(address lender => uint256 shares)) public accountTokens;
    mapping(uint256 id => mapping(address borrower => BorrowSnapshot)) public accountBorrows;
    mapping(uint256 id => mapping(address owner => uint256 units)) public collateral;

    address public immutable keeper;
    address public immutable custodian;

    event MarketOpened(uint256 indexed id, uint256 price);
    event PriceSet(uint256 indexed id, uint256 price);
    event Deposited(uint256 indexed id, address indexed lender, uint256 amount, uint256 shares);
    event Redeemed(uint256 indexed id, address indexed lender, uint256 amount, uint256 shares);
    event Borrowed(uint256 indexed id, address indexed borrower, uint256 amount);
    event Repaid(uint256 indexed id, address indexed borrower, uint256 amount);
    event Liquidated(
        uint256 indexed id, address indexed borrower, address indexed liquidator, uint256 paid, uint256 seized
    );

    error OnlyKeeper(address caller);
    error OnlyCustodian(address caller);
    error NoMarket(uint256 id);
    error NothingPaid();
    error TooMuch(uint256 amount, uint256 limit);
    error NotEnoughCollateral();
    error StillCovered();

    constructor(address keeper_) {
        keeper = keeper_;
        custodian = msg.sender;
    }

    function setPrice(uint256 id, uint256 price) external {
        if (msg.sender != keeper) revert OnlyKeeper(msg.sender);
        Market storage market = markets[id];
        if (market.borrowIndex == 0) {
            market.borrowIndex = Terms.ONE;
            market.accrualBlockNumber = block.number;
            emit MarketOpened(id, price);
        }
        priceOf[id] = price;
        emit PriceSet(id, price);
    }

    function creditCollateral(uint256 id, address[] calldata owners, uint256 units) external {
        if (msg.sender != custodian) revert OnlyCustodian(msg.sender);
        for (uint256 i = 0; i < owners.length; i++) collateral[id][owners[i]] += units;
    }

    function _accrueInterest(uint256 id) private returns (Market storage market) {
        market = markets[id];
        uint256 last = market.accrualBlockNumber;
        if (last == block.number) return market;
        if (last == 0) revert NoMarket(id);
        uint256 blocks = block.number - last;
        uint256 interest = Terms.interest(market.totalBorrows, blocks);
        market.accrualBlockNumber = block.number;
        market.borrowIndex += Terms.interest(market.borrowIndex, blocks);
        market.totalBorrows += interest;
        market.totalReserves += interest * Terms.RESERVE_SHARE / Terms.ONE;
    }

    function deposit(uint256 id) external payable {
        if (msg.value == 0) revert NothingPaid();
        Market storage market = _accrueInterest(id);
        uint256 supply = market.totalSupply;
        uint256 shares = supply == 0 ? msg.value : msg.value * supply / _worth(market);
        market.totalSupply = supply + shares;
        market.cash += msg.value;
        accountTokens[id][msg.sender] += shares;
        emit Deposited(id, msg.sender, msg.value, shares);
    }

    function redeem(uint256 id, uint256 shares) external {
        Market storage market = _accrueInterest(id);
        uint256 held = accountTokens[id][msg.sender];
        if (shares > held) revert TooMuch(shares, held);
        uint256 amount = shares * _worth(market) / market.totalSupply;
        accountTokens[id][msg.sender] = held - shares;
        market.totalSupply -= shares;
        emit Redeemed(id, msg.sender, amount, shares);
        _pay(market, amount);
    }

    function borrow(uint256 id, uint256 amount) external {
        Market storage market = _accrueInterest(id);
        uint256 debt = owed(id, msg.sender) + amount;
        if (!Terms.mayBorrow(debt, collateral[id][msg.sender], priceOf[id])) revert NotEnoughCollateral();
        accountBorrows[id][msg.sender] = BorrowSnapshot(debt, market.borrowIndex);
        market.totalBorrows += amount;
        emit Borrowed(id, msg.sender, amount);
        _pay(market, amount);
    }

    function repay(uint256 id) external payable {
        Market storage market = _accrueInterest(id);
        _reduceDebt(id, market, msg.sender, owed(id, msg.sender));
        emit Repaid(id, msg.sender, msg.value);
    }

    /// @notice Pays up to half of a debt that its collateral no longer covers, for collateral.
    function liquidate(uint256 id, address borrower) external payable {
        Market storage market = _accrueInterest(id);
        uint256 debt = owed(id, borrower);
        uint256 price = priceOf[id];
        if (!Terms.mayLiquidate(debt, collateral[id][borrower], price)) revert StillCovered();
        if (msg.value > debt / 2) revert TooMuch(msg.value, debt / 2);
        uint256 units = Terms.seized(msg.value, price);
        collateral[id][borrower] -= units;
        collateral[id][msg.sender] += units;
        _reduceDebt(id, market, borrower, debt);
        emit Liquidated(id, borrower, msg.sender, msg.value, units);
    }

    /// @notice Debt of a borrower, with interest up to the last accrual.
    function owed(uint256 id, address borrower) public view returns (uint256) {
        BorrowSnapshot storage snapshot = accountBorrows[id][borrower];
        if (snapshot.principal == 0) return 0;
        return snapshot.principal * markets[id].borrowIndex / snapshot.interestIndex;
    }

    function _reduceDebt(uint256 id, Market storage market, address borrower, uint256 debt) private {
        if (msg.value == 0) revert NothingPaid();
        if (msg.value > debt) revert TooMuch(msg.value, debt);
        accountBorrows[id][borrower] = BorrowSnapshot(debt - msg.value, market.borrowIndex);
        market.totalBorrows = market.totalBorrows > msg.value ? market.totalBorrows - msg.value : 0;
        market.cash += msg.value;
    }

    function _worth(Market storage market) private view returns (uint256) {
        return market.cash + market.totalBorrows - market.totalReserves;
    }

    function _pay(Market storage market, uint256 amount) private {
        if (amount > market.cash) revert TooMuch(amount, market.cash);
        market.cash -= amount;
        (bool sent,) = msg.sender.call{value: amount}("");
        require(sent, "IsolatedMarkets: transfer failed");
    }
}
