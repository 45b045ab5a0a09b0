/**
 * Every ParallelError there is: code, one-line template with {tags}, and what to do about it.
 * Codes are stable: tests and users match on them. Numbers: 1xx config and CLI, 2xx execution and
 * workers, 3xx access log files, 4xx analysis and report, 5xx assertions and scenarios.
 */

import type { ErrorDescriptor } from "./error-descriptor";
import { PROJECT_ERRORS } from "./project-errors";

export const ERRORS = {
  CONFIG_UNKNOWN_KEY: {
    code: "HHP101",
    template: "unknown key {key} in the hardhat config: expected one of {expected}",
    help: "Remove the key or correct its spelling.",
  },
  CONFIG_INVALID_VALUE: {
    code: "HHP102",
    template: "invalid value for {key} in the hardhat config: expected {expected}, got {actual}",
    help: "Correct the value in hardhat.config.",
  },
  HARDHAT_INTERNALS_MISSING: {
    code: "HHP110",
    template: "{what} is not in Hardhat {version}, so the parallel network cannot be put in place",
    help: "Use a Hardhat 2 version from 2.29 on, or run with PARALLEL=0.",
  },
  PROVIDER_REPLACED: {
    code: "HHP111",
    template: "another plugin replaced hre.network.provider (by a {found}) before hardhat-parallel",
    help: 'Put import "hardhat-parallel" before the other plugins in hardhat.config.',
  },
  PROVIDER_ALREADY_CREATED: {
    code: "HHP112",
    template: "another plugin used hre.network.provider before hardhat-parallel could replace it",
    help: 'Put import "hardhat-parallel" before the other plugins in hardhat.config.',
  },
  PLUGIN_OUTSIDE_CONFIG: {
    code: "HHP113",
    template: "hardhat-parallel was loaded outside a Hardhat config",
    help: 'Import "hardhat-parallel" in hardhat.config; without Hardhat use "hardhat-parallel/network".',
  },
  PROJECT_MISSING: {
    code: "HHP114",
    template: "there is no Hardhat project with hardhat-parallel in this process",
    help: 'Run the tests with npx hardhat test, and import "hardhat-parallel" in hardhat.config.',
  },
  PROJECT_NOT_PARALLEL: {
    code: "HHP115",
    template: "the transactions ran on a network that cannot tell what they touched: {reason}",
    help: "Run on the network hardhat, with the parallel network enabled.",
  },
  BUILD_INFO_UNREADABLE: {
    code: "HHP120",
    template: "cannot read the compiler output {path}: {reason}",
    help: "Compile the project anew: npx hardhat clean && npx hardhat compile.",
  },
  UNSUPPORTED_HARDFORK: {
    code: "HHP201",
    template: "unsupported hardfork {hardfork}: expected one of {expected}",
    help: "Choose a hardfork of the list for the network.",
  },
  FORK_URL_INVALID: {
    code: "HHP210",
    template: "cannot fork {url}: expected an http or https URL of a JSON-RPC node",
    help: "Correct forking.url in hardhat.config, or --fork.",
  },
  FORK_UNREACHABLE: {
    code: "HHP211",
    template: "the remote of the fork, {host}, cannot be reached: {reason} ({attempts} attempts)",
    help: "Check the connection and forking.url. The network can be used again as soon as the remote answers.",
  },
  FORK_HTTP_STATUS: {
    code: "HHP212",
    template:
      "the remote of the fork, {host}, answered with HTTP status {status} ({attempts} attempts)",
    help: "Check forking.url and its API key, or forking.httpHeaders.",
  },
  FORK_RATE_LIMITED: {
    code: "HHP213",
    template: "the remote of the fork, {host}, limits the rate of requests ({attempts} attempts)",
    help: "Wait, or use a remote with a higher limit. What was fetched so far is kept.",
  },
  FORK_NOT_JSON_RPC: {
    code: "HHP214",
    template: "the remote of the fork, {host}, does not answer {method} in JSON-RPC: got {actual}",
    help: "Check that forking.url is the URL of a JSON-RPC node.",
  },
  FORK_REFUSED: {
    code: "HHP215",
    template: "the remote of the fork, {host}, refused {method}: {message}",
    help: "See the remote's documentation for this message.",
  },
  FORK_STATE_PRUNED: {
    code: "HHP216",
    template:
      "the remote of the fork, {host}, does not have the state that {method} asks for: {message}",
    help: "Use an archive node as the remote, or fork from a later block.",
  },
  FORK_INVALID_ANSWER: {
    code: "HHP217",
    template: "{method} of the fork's remote, {host}: expected {expected}, got {actual}",
    help: "The remote does not follow the Ethereum JSON-RPC specification here: use another one.",
  },
  FORK_BLOCK_TOO_HIGH: {
    code: "HHP218",
    template:
      "Trying to initialize a provider with block {block} but the current block is {latest}",
    help: "Choose a forking.blockNumber that the remote already has.",
  },
  FORK_HARDFORK_TOO_OLD: {
    code: "HHP219",
    template:
      "Cannot fork chain {chainId} from block {block}. The hardfork must be at least Spurious Dragon, but {hardfork} was detected.",
    help: "Choose a later forking.blockNumber.",
  },
  LOG_FOREIGN: {
    code: "HHP301",
    template: "{path} is not an access log: it does not begin with the mark of one",
    help: "Give the path of a file that a run of hardhat-parallel recorded.",
  },
  LOG_NEWER_FORMAT: {
    code: "HHP302",
    template:
      "{path} has format version {version}, this version of hardhat-parallel reads {supported}",
    help: "Read it with the version of hardhat-parallel that recorded it, or record the run again.",
  },
  LOG_TRUNCATED: {
    code: "HHP303",
    template: "{path} ends too early: {blocks} whole blocks, then no end marker",
    help: "The run that recorded it was interrupted or the file was cut. Record the run again, or ask for an incomplete log to be read as far as it goes.",
  },
  LOG_CORRUPT: {
    code: "HHP304",
    template: "{path} is damaged after {blocks} whole blocks: {reason}",
    help: "Copy the file again from where it was recorded, or record the run again.",
  },
  ENGINES_DIFFER: {
    code: "HHP220",
    template:
      "the two engines give different {what} for a message from {from} to {to}: one has {one}; the other has {other}",
    help: 'This is a bug in hardhat-parallel, please report it. parallel.engine: "ethereumjs" runs the reference engine.',
  },
  LOG_UNREADABLE: {
    code: "HHP305",
    template: "cannot read the access log {path}: {reason}",
    help: "Check that the file is there and may be read.",
  },
  LOG_UNWRITABLE: {
    code: "HHP306",
    template: "cannot write the access log {path}: {reason}",
    help: "Check that the directory may be written and that the disk is not full.",
  },
  TASK_INVALID_ARGUMENT: {
    code: "HHP130",
    template: "invalid value for {flag}: expected {expected}, got {actual}",
    help: "See npx hardhat help parallel-report.",
  },
  SCRIPT_NOT_FOUND: {
    code: "HHP131",
    template: "there is no script at {path}",
    help: "Give --script a path that exists, relative to the current directory.",
  },
  REPORT_NEEDS_PARALLEL_NETWORK: {
    code: "HHP132",
    template: "parallel-report records on the parallel network only, and here {reason}",
    help: "Remove what stands in the way, or run npx hardhat test without a report.",
  },
  RECORDING_TOO_LATE: {
    code: "HHP134",
    template:
      "the network was in use before parallel-report began, and earlier blocks were not recorded",
    help: "Run parallel-report in a process of its own, and let no plugin send requests while it loads.",
  },
  RECORDING_DIRECTORY_IN_USE: {
    code: "HHP135",
    template: "{directory} already holds recordings",
    help: "Give --record a directory of its own for every run, or empty this one.",
  },
  MERGE_NEEDS_RECORDINGS: {
    code: "HHP136",
    template: "cannot merge {path}: {reason}",
    help: "parallel-report:merge takes recordings, or directories of them, that parallel-report --record DIR wrote. Reports cannot be merged: what a fix gains in two runs is not in their numbers.",
  },
  RECORDINGS_DIFFER: {
    code: "HHP137",
    template: "{path} was recorded on a chain with id {is}, {other} on one with id {was}",
    help: "Merge recordings of one project only; make a report of each of the others.",
  },
  REPORT_EMPTY: {
    code: "HHP401",
    template: "no transactions were recorded: {reason}",
    help: "The report needs transactions that call contracts, mined on the Hardhat network while the tests or the script ran. Check the test files, --grep, and that the tests send transactions instead of only reading.",
  },
  LAYOUT_FILE_INVALID: {
    code: "HHP410",
    template: "cannot use the layout file {path}: {reason}",
    help: "parallel.report.layoutFiles takes what vyper -f combined_json or -f layout writes, or an EIP-8317 descriptor, of a contract of this project.",
  },
  SLOT_RESOLVER_FAILED: {
    code: "HHP411",
    template: "parallel.report.slotResolver failed for {slot}: {reason}",
    help: "Correct the function in hardhat.config; for a slot it does not know it returns null.",
  },
  SLOT_RESOLVER_INVALID: {
    code: "HHP412",
    template:
      "parallel.report.slotResolver gave {actual} for {slot}: expected a name, an object with a label, or null",
    help: "Correct the function in hardhat.config. Names are not empty and have no control characters.",
  },
  ASSUMPTION_INVALID: {
    code: "HHP403",
    template: "cannot use the assumption {text}: expected {expected}",
    help: "For example: --assume Token.totalSupply=sharded:16. Several are separated by commas.",
  },
  ASSUMPTION_UNKNOWN_VARIABLE: {
    code: "HHP404",
    template: "there is no variable {variable} in this run: {near}",
    help: "Name variables as the report prints them, for example Token.balances[*]; only those that a recorded transaction touched can be assumed about.",
  },
  ASSUMPTION_AMBIGUOUS: {
    code: "HHP405",
    template: "{variable} may be any of {names}",
    help: "Name the variable with its contract, as in the list.",
  },
  ASSUMPTION_REPEATED: {
    code: "HHP406",
    template: "two assumptions about {variable}",
    help: "Assume one thing of a variable; run the report again for another.",
  },
  SNAPSHOT_INVALID: {
    code: "HHP420",
    template: "{path} is not a snapshot, line {line}: {reason}",
    help: "Restore the file from git, or write it anew: npx hardhat parallel-report --update.",
  },
  SNAPSHOT_NEWER_VERSION: {
    code: "HHP421",
    template: "{path} is a snapshot of version {version}, this hardhat-parallel reads {supported}",
    help: "Update hardhat-parallel, or write the snapshot anew: npx hardhat parallel-report --update.",
  },
  SNAPSHOT_OTHER_WORKLOAD: {
    code: "HHP422",
    template: "{path} cannot be compared with this run: {what} was {was} and is {is}",
    help: "Run it the same way, give --baseline a file of its own, or write it anew with --update.",
  },
  REPORT_UNREADABLE: {
    code: "HHP423",
    template: "cannot read {path}: {reason}",
    help: "Check that the file is there and may be read.",
  },
  REPORT_FOREIGN: {
    code: "HHP424",
    template: "{path} is not a report: {reason}",
    help: "Give the JSON file that parallel-report --json wrote, or a snapshot that --update wrote.",
  },
  REPORT_NEWER_VERSION: {
    code: "HHP425",
    template:
      "{path} is a report of version {version} (hardhat-parallel {tool}), this hardhat-parallel reads {supported}",
    help: "Update hardhat-parallel, or make the report anew with this version.",
  },
  REPORT_TRUNCATED: {
    code: "HHP426",
    template: "{path} is a report that was cut off or damaged: {reason}",
    help: "Copy the file again from where it was written, or make the report anew.",
  },
  REPORT_INVALID: {
    code: "HHP427",
    template: "{path} is not a whole report: {reason}",
    help: "Make the report anew with this version of hardhat-parallel; the schema is hardhat-parallel/schema/report.json.",
  },
  REPORT_UNWRITABLE: {
    code: "HHP402",
    template: "cannot write the report {path}: {reason}",
    help: "Check that the directory is there and may be written and that the disk is not full.",
  },
  ...PROJECT_ERRORS,
} as const satisfies Record<string, ErrorDescriptor>;
