/** The contracts of the benchmark, compiled with the npm solc (optimizer, 200 runs). */
import type { Hex } from "../src/state/hex";

const SOURCE = `
// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
contract Bench {
    mapping(address => uint256) public balances;
    uint256 public total;
    mapping(address => uint256) public results;
    function fund(address[] calldata accounts, uint256 amount) external {
        for (uint256 i = 0; i < accounts.length; i++) balances[accounts[i]] = amount;
    }
    function transfer(address to, uint256 amount) external {
        balances[msg.sender] -= amount;
        balances[to] += amount;
    }
    function count(uint256 amount) external { total += amount; }
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
}`;

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
}

/** Creation bytecode of the Bench contract. */
export function compileBench(): Hex {
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
  const bytecode = output.contracts["Bench.sol"]?.Bench?.evm.bytecode.object;
  if (bytecode === undefined) {
    throw new Error("solc returned no bytecode for Bench");
  }
  return `0x${bytecode}`;
}
