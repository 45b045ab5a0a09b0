// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Pool} from "./Pool.sol";

/// @title Makes one pool for each pair of tokens.
contract PoolFactory {
    mapping(address tokenA => mapping(address tokenB => address pool)) public getPool;
    address[] public allPools;

    event PoolCreated(address indexed token0, address indexed token1, address pool, uint256 count);

    error IdenticalTokens();
    error ZeroAddress();
    error PoolExists(address pool);

    function allPoolsLength() external view returns (uint256) {
        return allPools.length;
    }

    function createPool(address tokenA, address tokenB) external returns (address pool) {
        if (tokenA == tokenB) revert IdenticalTokens();
        (address token0, address token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        if (token0 == address(0)) revert ZeroAddress();
        if (getPool[token0][token1] != address(0)) revert PoolExists(getPool[token0][token1]);

        pool = address(new Pool{salt: keccak256(abi.encodePacked(token0, token1))}());
        Pool(pool).initialize(token0, token1);
        getPool[token0][token1] = pool;
        getPool[token1][token0] = pool;
        allPools.push(pool);
        emit PoolCreated(token0, token1, pool, allPools.length);
    }
}
