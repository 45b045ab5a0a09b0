/** The catalogue's errors of assertions and scenarios: 5xx. */
import type { ErrorDescriptor } from "./error-descriptor";

export const PROJECT_ERRORS = {
  NOT_A_TRANSACTION: {
    code: "HHP501",
    template: "expected a transaction (its hash, response or receipt), got {actual}",
    help: "Pass what sending the transaction gave, for example: const tx = await token.transfer(to, 1).",
  },
  TRANSACTION_NOT_MINED: {
    code: "HHP502",
    template: "transaction {hash} is not in a block",
    help: "Mine it first. It may be pending, dropped, or undone by a snapshot that was reverted.",
  },
  TRANSACTION_GIVEN_TWICE: {
    code: "HHP503",
    template: "transaction {hash} was given twice: a transaction is not compared with itself",
    help: "Pass different transactions.",
  },
  BATCH_EMPTY: {
    code: "HHP504",
    template: "mineBatch got no transactions",
    help: "The function must return what sending the transactions gave: () => users.map((user) => token.connect(user).mint()).",
  },
  BATCH_DOES_NOT_FIT: {
    code: "HHP505",
    template: "{left} of {count} transactions did not get into one block of {gasLimit} gas",
    help: "Give the transactions a gas limit (one without reserves up to 16,777,216 gas), send fewer, or raise networks.hardhat.blockGasLimit.",
  },
  ASSERTION_SUBJECT: {
    code: "HHP506",
    template: "{assertion} needs {expected}, got {actual}",
    help: "A batch is what mineBatch gives, or a list of mined transactions.",
  },
  ASSERTION_UNKNOWN_SLOT: {
    code: "HHP507",
    template: "no contract of the project has a variable {name}: {near}",
    help: 'Name variables as the report prints them: "totalSupply", "Pool.reserve0", "Token.balances[*]".',
  },
  ASSERTION_NOT_AWAITED: {
    code: "HHP508",
    template: "the assertion {assertion} was not awaited, so it could not fail",
    help: "Write await before expect, or return what the assertion gives.",
  },
  SCENARIO_INVALID: {
    code: "HHP510",
    template: "the scenario {name} needs {expected}, got {actual}",
    help: 'For example: scenario("1,000 buyers mint", { users: 1000 }, async ({ users, load }) => { ... }).',
  },
  SCENARIO_UNKNOWN: {
    code: "HHP511",
    template: "there is no scenario {name}: the project has {known}",
    help: 'Give one of these names, or "all".',
  },
  SCENARIO_NONE: {
    code: "HHP512",
    template: "the project has no scenarios",
    help: 'Write one in a file of the folder "parallel", for example parallel/mint.ts, with scenario from "hardhat-parallel/scenario".',
  },
  SCENARIO_NEEDS_TYPESCRIPT: {
    code: "HHP516",
    template: "cannot load the scenario file {path}: the project's Hardhat does not run TypeScript",
    help: "Write it in JavaScript, or make the config a hardhat.config.ts.",
  },
  SCENARIO_LOAD: {
    code: "HHP513",
    template: "load needs a list of functions that send one transaction each, got {actual}",
    help: "For example: load(buyers.map((buyer) => () => sale.connect(buyer).mint())).",
  },
  SCENARIO_STUCK: {
    code: "HHP514",
    template:
      "{left} transactions of the load are in no block and the next block takes none of them",
    help: "They may need more gas than a block has, pay less than the base fee, or wait for a transaction with a lower nonce.",
  },
  SCENARIO_WITHOUT_LOAD: {
    code: "HHP515",
    template: "the scenario {name} sent nothing through load, so there is nothing to measure",
    help: "Send what is to be measured with load(...), and wait for it.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
