// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

contract Coin is ERC20 {
    constructor(uint256 supply) ERC20("Coin", "COIN") {
        _mint(msg.sender, supply);
    }
}

/// Emits, fails and pays in every way that a matcher knows.
contract Everything {
    struct Point {
        uint256 x;
        int256 y;
    }

    error Plain();
    error Detailed(uint256 number, string text, Point point, uint256[] list);

    event Nothing();
    event Numbers(uint256 indexed small, int256 negative, uint8 tiny);
    event Texts(string indexed hashed, string text, bytes data, bytes4 selector);
    event Structured(Point point, uint256[] list, address indexed who);

    uint256 public stored;

    receive() external payable {}

    function emitNothing() external {
        emit Nothing();
    }

    function emitNumbers(uint256 small, int256 negative) external {
        emit Numbers(small, negative, uint8(small));
    }

    function emitTexts(string calldata text) external {
        emit Texts(text, text, bytes(text), bytes4(keccak256(bytes(text))));
    }

    function emitStructured(uint256 x) external {
        uint256[] memory list = new uint256[](2);
        list[1] = x;
        emit Structured(Point(x, -int256(x)), list, msg.sender);
    }

    function emitTwice(uint256 first, uint256 second) external {
        emit Numbers(first, 0, 0);
        emit Numbers(second, 0, 0);
    }

    function failPlain() external {
        stored = 1;
        revert Plain();
    }

    function failDetailed() external {
        stored = 1;
        uint256[] memory list = new uint256[](2);
        list[0] = 5;
        revert Detailed(7, "seven", Point(1, -2), list);
    }

    function failReason(string calldata reason) external {
        stored = 1;
        revert(reason);
    }

    function failSilently() external {
        stored = 1;
        revert();
    }

    function failAssert() external {
        stored = 1;
        assert(stored == 2);
    }

    function failOverflow(uint256 value) external returns (uint256) {
        stored = value;
        return stored * type(uint256).max;
    }

    function viewDetailed() external pure {
        revert Detailed(8, "eight", Point(1, -2), new uint256[](0));
    }

    function store(uint256 value) external payable returns (uint256 before) {
        before = stored;
        stored = value;
    }

    function pay(address payable to, uint256 amount) external {
        to.transfer(amount);
    }

    function blockFacts() external view returns (uint256, uint256, uint256, address, uint256, uint256, uint256) {
        return (block.number, block.timestamp, block.basefee, block.coinbase, block.prevrandao, block.gaslimit, block.chainid);
    }

    function burnGas(uint256 rounds) external {
        for (uint256 i = 0; i < rounds; i++) {
            stored += i;
        }
    }
}

library Scale {
    function twice(uint256 value) external pure returns (uint256) {
        return value * 2;
    }
}

contract Scaled {
    uint256 public value;

    constructor(uint256 value_) {
        value = Scale.twice(value_);
    }

    function set(uint256 value_) external {
        value = Scale.twice(value_);
    }
}
