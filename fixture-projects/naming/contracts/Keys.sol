// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

type TokenId is uint64;

library Ledger {
  struct Account {
    uint256 balance;
    mapping(address => uint256) limits;
  }

  function credit(Account storage account, address by, uint256 amount) external {
    account.balance += amount;
    account.limits[by] = amount;
  }
}

contract Keys is ReentrancyGuardTransient {
  enum State {
    Open,
    Filled,
    Cancelled
  }

  struct Order {
    address maker;
    uint96 price;
    uint256 size;
  }

  struct Market {
    string title;
    mapping(State => Order) orders;
  }

  bytes32 internal constant KEEPER = keccak256("fixture.keeper");
  bytes4 internal constant TRANSFER = 0xa9059cbb;

  bool public paused;
  uint64 public lastUpdate;
  Market[] internal markets;
  mapping(string => uint256) public byName;
  mapping(bytes4 => uint256) public bySelector;
  mapping(bytes32 => mapping(address => bool)) public roles;
  mapping(TokenId => address) public owners;
  mapping(int256 => uint256) public bySigned;
  Ledger.Account internal account;
  uint256[2][2] internal grid;

  function pause() external {
    paused = !paused;
  }

  function touch(uint64 time) external {
    lastUpdate = time;
  }

  function open(string calldata title, uint96 price) external nonReentrant {
    Market storage market = markets.push();
    market.title = title;
    market.orders[State.Filled] = Order(msg.sender, price, 5);
  }

  function order(uint256 market, State state) external view returns (Order memory) {
    return markets[market].orders[state];
  }

  function name(string calldata text) external {
    byName[text]++;
  }

  function constants() external {
    bySelector[TRANSFER] = 1;
    bySelector[bytes4(0x12345678)] = 2;
    roles[KEEPER][msg.sender] = true;
    owners[TokenId.wrap(7)] = msg.sender;
    bySigned[-2] = 3;
    grid[1][0] = 4;
  }

  function credit(uint256 amount) external {
    Ledger.credit(account, msg.sender, amount);
  }

  function balance() external view returns (uint256) {
    return account.balance;
  }
}
