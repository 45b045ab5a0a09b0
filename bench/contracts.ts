/**
 * The contracts of the benchmarks, compiled with the npm solc (optimizer, 200 runs).
 *
 * Bench: an ERC-20-like token with loops beside it. Pools: makes constant-product pools over two such
 * tokens. Nft: an ERC-721-like collection with sequential ids.
 */
import type { Hex } from "../src/state/hex";

const SOURCE = `
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bench {
    event Transfer(address indexed from, address indexed to, uint256 amount);
    mapping(address => uint256) public balances;
    mapping(address => mapping(address => uint256)) public allowances;
    uint256 public totalSupply;
    mapping(address => uint256) public results;
    function fund(address[] calldata accounts, uint256 amount) external {
        for (uint256 i = 0; i < accounts.length; i++) balances[accounts[i]] = amount;
    }
    /** Balances of 'count' accounts that nobody uses: a large state. */
    function fill(uint256 first, uint256 count) external {
        for (uint256 i = first; i < first + count; i++) balances[address(uint160(0xf111 << 64 | i))] = i + 1;
    }
    /** What the accounts would approve themselves, one transaction each. */
    function approveFor(address[] calldata accounts, address[] calldata spenders) external {
        for (uint256 i = 0; i < accounts.length; i++) {
            for (uint256 j = 0; j < spenders.length; j++) {
                allowances[accounts[i]][spenders[j]] = type(uint256).max;
            }
        }
    }
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowances[from][msg.sender];
        if (allowed != type(uint256).max) allowances[from][msg.sender] = allowed - amount;
        _move(from, to, amount);
        return true;
    }
    function _move(address from, address to, uint256 amount) private {
        balances[from] -= amount;
        balances[to] += amount;
        emit Transfer(from, to, amount);
    }
    function mint(uint256 amount) external {
        totalSupply += amount;
        balances[msg.sender] += amount;
        emit Transfer(address(0), msg.sender, amount);
    }
    function count(uint256 amount) external { totalSupply += amount; }
    function work(uint256 turns) external {
        bytes32 h = bytes32(uint256(uint160(msg.sender)));
        uint256 a = 1;
        for (uint256 i = 0; i < turns; i++) {
            h = keccak256(abi.encode(h, i));
            unchecked { a = a * uint256(h) + i; a ^= uint256(h) >> 3; }
        }
        results[msg.sender] = a;
    }
    function arith(uint256 turns) external {
        uint256 a = uint256(uint160(msg.sender)) | 1;
        uint256 b = 7;
        unchecked {
            for (uint256 i = 0; i < turns; i++) {
                a = a * (b + i) + 3;
                b = a % 1000000007;
            }
        }
        results[msg.sender] = a;
    }
}
contract Pool {
    event Swap(address indexed sender, bool zeroForOne, uint256 amountIn, uint256 amountOut);
    Bench immutable token0;
    Bench immutable token1;
    uint112 public reserve0;
    uint112 public reserve1;
    constructor(Bench token0_, Bench token1_, uint112 reserve) {
        (token0, token1) = (token0_, token1_);
        (reserve0, reserve1) = (reserve, reserve);
    }
    /** x * y = k with a fee of 0.3 % that stays in the pool. */
    function swap(bool zeroForOne, uint256 amountIn, uint256 minAmountOut) external returns (uint256 amountOut) {
        (Bench tokenIn, Bench tokenOut) = zeroForOne ? (token0, token1) : (token1, token0);
        (uint256 reserveIn, uint256 reserveOut) = zeroForOne
            ? (uint256(reserve0), uint256(reserve1))
            : (uint256(reserve1), uint256(reserve0));
        uint256 afterFee = amountIn * 997;
        amountOut = (afterFee * reserveOut) / (reserveIn * 1000 + afterFee);
        require(amountOut > 0 && amountOut >= minAmountOut, "slippage");
        require(tokenIn.transferFrom(msg.sender, address(this), amountIn), "in");
        require(tokenOut.transfer(msg.sender, amountOut), "out");
        uint256 newIn = reserveIn + amountIn;
        uint256 newOut = reserveOut - amountOut;
        require(newIn <= type(uint112).max && newIn * newOut >= reserveIn * reserveOut, "k");
        (reserve0, reserve1) = zeroForOne ? (uint112(newIn), uint112(newOut)) : (uint112(newOut), uint112(newIn));
        emit Swap(msg.sender, zeroForOne, amountIn, amountOut);
    }
}
contract Pools {
    function create(Bench token0, Bench token1, uint112 reserve, uint256 count) external {
        for (uint256 i = 0; i < count; i++) new Pool(token0, token1, reserve);
    }
}
contract Nft {
    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    uint256 public nextId;
    mapping(uint256 => address) public ownerOf;
    mapping(address => uint256) public balanceOf;
    function mint() external {
        uint256 id = nextId++;
        ownerOf[id] = msg.sender;
        balanceOf[msg.sender]++;
        emit Transfer(address(0), msg.sender, id);
    }
}`;

export type ContractName = "Bench" | "Pools" | "Nft";

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
}

/** Creation bytecode of each contract. */
export function compileContracts(): Readonly<Record<ContractName, Hex>> {
  // solc has no types of its own; its one function takes and gives JSON text.
  const solc = require("solc") as { compile(input: string): string };
  const input = {
    language: "Solidity",
    sources: { "Bench.sol": { content: SOURCE } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: "cancun",
      outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput; // shape given by outputSelection
  const failure = output.errors?.find((error) => error.severity === "error");
  if (failure !== undefined) {
    throw new Error(failure.formattedMessage);
  }
  const bytecode = (name: ContractName): Hex => {
    const object = output.contracts["Bench.sol"]?.[name]?.evm.bytecode.object;
    if (object === undefined) {
      throw new Error(`solc returned no bytecode for ${name}`);
    }
    return `0x${object}`;
  };
  return { Bench: bytecode("Bench"), Pools: bytecode("Pools"), Nft: bytecode("Nft") };
}

/** Creation bytecode of the Bench contract. */
export function compileBench(): Hex {
  return compileContracts().Bench;
}
