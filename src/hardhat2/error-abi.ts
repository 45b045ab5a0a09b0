/**
 * Which custom errors a deployed code may revert with, for the network's own words where stock's
 * could not be had. Contracts are matched by their runtime code, never by selectors.
 *
 * Owns: the project's errors by code. Does not own: the comparison of codes (analysis/naming).
 */
import type { Artifacts } from "hardhat/types";
import { contractMetadata, NO_FACTS } from "../analysis/compilation";
import { CodeMatcher } from "../analysis/naming/code-matcher";
import { buildInfos } from "./build-info";

function isErrorEntry(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && "type" in entry && entry.type === "error";
}

export class ErrorAbi {
  readonly #artifacts: Artifacts;
  #loading: Promise<CodeMatcher> | undefined;
  #matcher: CodeMatcher | undefined;

  constructor(artifacts: Artifacts) {
    this.#artifacts = artifacts;
  }

  /** Reads the project's build infos, once. Throws ParallelError BUILD_INFO_UNREADABLE. */
  async load(): Promise<void> {
    this.#loading ??= this.#read();
    this.#matcher = await this.#loading;
  }

  /** ABI entries of type "error" of the contract with this runtime code; none before `load`. */
  of(code: Uint8Array): readonly unknown[] {
    const contracts = this.#matcher?.match(`0x${Buffer.from(code).toString("hex")}`) ?? [];
    return contracts.flatMap(({ abi }) => abi.filter(isErrorEntry));
  }

  async #read(): Promise<CodeMatcher> {
    const contracts = [];
    for await (const { output } of buildInfos(this.#artifacts)) {
      for (const [sourceName, file] of Object.entries(output.contracts ?? {})) {
        for (const [contractName, contract] of Object.entries(file)) {
          contracts.push(contractMetadata(sourceName, contractName, contract, NO_FACTS));
        }
      }
    }
    return new CodeMatcher(contracts);
  }
}
