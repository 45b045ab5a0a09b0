/** A small project with what makes contracts hard to tell apart, compiled by two compilers. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types";
import { withEnvironment } from "./hardhat-environment";

const OFFLINE_SOLC = JSON.stringify(
  join(__dirname, "..", "..", "fixture-projects", "offline-solc"),
);

const CONFIG = `
  require(${OFFLINE_SOLC});
  const { extendConfig } = require("hardhat/config");
  extendConfig((config) => { config.parallel = { enabled: false }; });
  module.exports = { solidity: {
    compilers: [{ version: "0.8.30" }],
    overrides: { "contracts/Other.sol": { version: "0.8.28" } },
  } };
`;

const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\n";

/** Base has an immutable; Linked has a library's address in its code; One and Twin differ in metadata alone. */
const SOURCES: Readonly<Record<string, string>> = {
  "lib/Errors.sol": "error Low(uint256 wanted, uint256 floor);",
  "lib/Checks.sol": `library Checks {
    function check(uint256 x) external pure { require(x > 5, "five is too little"); }
  }`,
  "Base.sol": `import "./lib/Errors.sol";
  abstract contract Base {
    uint256 immutable floor;
    constructor(uint256 low) { if (low == 0) revert Low(0, 1); floor = low; }
    modifier atLeast(uint256 x) { if (x < floor) revert Low(x, floor); _; }
  }`,
  "One.sol": `import {Base} from "./Base.sol";
  contract One is Base {
    constructor(uint256 low) Base(low) {}
    function f(uint256 x) external view atLeast(x) returns (uint256) { return x; }
  }`,
  "Twin.sol": `import "./Base.sol";
  contract Twin is Base {
    constructor(uint256 low) Base(low) {}
    function f(uint256 x) external view atLeast(x) returns (uint256) { return x; }
  }`,
  "Linked.sol": `import "./lib/Checks.sol";
  interface Floored { function f(uint256 x) external view returns (uint256); }
  contract Linked {
    function g(uint256 x) external pure { Checks.check(x); }
    function ask(Floored other, uint256 x) external view returns (uint256) { return other.f(x); }
  }`,
  "Other.sol": `contract Other {
    uint256[] list;
    function at(uint256 i) external view returns (uint256) { return list[i]; }
  }`,
  "Sum.sol": `contract Sum {
    function at(uint256 i) external pure returns (uint256) { return i + type(uint256).max; }
  }`,
  "Quotient.sol": `contract Quotient {
    function at(uint256 i) external pure returns (uint256) { return i / (i - i); }
  }`,
  "Factory.sol": `import "./One.sol";
  contract Factory { function make(uint256 low) external returns (One) { return new One(low); } }`,
};

/** Runs `body` with the compiled project. */
export async function withReplayProject(
  body: (hre: HardhatRuntimeEnvironment) => Promise<void>,
): Promise<void> {
  await withEnvironment(CONFIG, async ({ hre, directory }) => {
    mkdirSync(join(directory, "contracts", "lib"), { recursive: true });
    for (const [file, source] of Object.entries(SOURCES)) {
      writeFileSync(join(directory, "contracts", file), `${HEAD}${source}\n`);
    }
    await hre.run("compile", { quiet: true });
    await body(hre);
  });
}
