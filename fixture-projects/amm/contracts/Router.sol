// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Pool} from "./Pool.sol";
import {PoolFactory} from "./PoolFactory.sol";
import {PoolLibrary} from "./PoolLibrary.sol";

/// @title What traders call. It holds no state: the factory is in its code.
contract Router {
    using SafeERC20 for IERC20;

    PoolFactory public immutable factory;

    error Expired(uint256 deadline);
    error NoPool(address tokenA, address tokenB);
    error InsufficientAmount(uint256 amount, uint256 minimum);

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert Expired(deadline);
        _;
    }

    constructor(PoolFactory factory_) {
        factory = factory_;
    }

    function addLiquidity(
        address tokenA,
        address tokenB,
        uint256 amountA,
        uint256 amountB,
        uint256 minimumLiquidity,
        address to,
        uint256 deadline
    ) external before(deadline) returns (uint256 liquidity) {
        address pool = _poolOf(tokenA, tokenB);
        IERC20(tokenA).safeTransferFrom(msg.sender, pool, amountA);
        IERC20(tokenB).safeTransferFrom(msg.sender, pool, amountB);
        liquidity = Pool(pool).mint(to);
        if (liquidity < minimumLiquidity) revert InsufficientAmount(liquidity, minimumLiquidity);
    }

    function removeLiquidity(
        address tokenA,
        address tokenB,
        uint256 liquidity,
        uint256 minimumA,
        uint256 minimumB,
        address to,
        uint256 deadline
    ) external before(deadline) returns (uint256 amountA, uint256 amountB) {
        address pool = _poolOf(tokenA, tokenB);
        Pool(pool).transferFrom(msg.sender, pool, liquidity);
        (uint256 amount0, uint256 amount1) = Pool(pool).burn(to);
        (amountA, amountB) = tokenA < tokenB ? (amount0, amount1) : (amount1, amount0);
        if (amountA < minimumA) revert InsufficientAmount(amountA, minimumA);
        if (amountB < minimumB) revert InsufficientAmount(amountB, minimumB);
    }

    /// @param path the tokens from the one paid to the one got; each pool sends to the next
    function swapExactTokens(
        uint256 amountIn,
        uint256 minimumOut,
        address[] calldata path,
        address to,
        uint256 deadline
    ) external before(deadline) returns (uint256 amount) {
        address pool = _poolOf(path[0], path[1]);
        IERC20(path[0]).safeTransferFrom(msg.sender, pool, amountIn);
        amount = amountIn;
        for (uint256 i = 0; i < path.length - 1; i++) {
            address next = i + 2 < path.length ? _poolOf(path[i + 1], path[i + 2]) : to;
            amount = _swap(pool, path[i], path[i + 1], amount, next);
            pool = next;
        }
        if (amount < minimumOut) revert InsufficientAmount(amount, minimumOut);
    }

    function quote(uint256 amountIn, address tokenIn, address tokenOut) external view returns (uint256) {
        (uint256 reserveIn, uint256 reserveOut) = _reserves(_poolOf(tokenIn, tokenOut), tokenIn, tokenOut);
        return PoolLibrary.amountOut(amountIn, reserveIn, reserveOut);
    }

    function _swap(address pool, address tokenIn, address tokenOut, uint256 amountIn, address to)
        private
        returns (uint256 amountOut)
    {
        (uint256 reserveIn, uint256 reserveOut) = _reserves(pool, tokenIn, tokenOut);
        amountOut = PoolLibrary.amountOut(amountIn, reserveIn, reserveOut);
        (uint256 out0, uint256 out1) = tokenIn < tokenOut ? (uint256(0), amountOut) : (amountOut, uint256(0));
        Pool(pool).swap(out0, out1, to);
    }

    function _reserves(address pool, address tokenIn, address tokenOut)
        private
        view
        returns (uint256, uint256)
    {
        (uint112 reserve0, uint112 reserve1,) = Pool(pool).getReserves();
        return tokenIn < tokenOut ? (reserve0, reserve1) : (reserve1, reserve0);
    }

    function _poolOf(address tokenA, address tokenB) private view returns (address pool) {
        pool = factory.getPool(tokenA, tokenB);
        if (pool == address(0)) revert NoPool(tokenA, tokenB);
    }
}
