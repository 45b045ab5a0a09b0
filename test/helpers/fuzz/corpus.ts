/**
 * Real contracts with calls to them: those of the benchmarks, compiled by solc, and whole mainnet blocks
 * (shared data) with the state that their transactions found.
 */
import { readdirSync } from "node:fs";
import { compileContracts } from "../../../bench/contracts";
import { keccak256 } from "../../../src/crypto/keccak256";
import { EthereumjsEngine } from "../../../src/execution/engine/ethereumjs-engine";
import type { BlockEnvironment } from "../../../src/execution/transaction";
import { bigIntToBytes32, hexToBytes } from "../../../src/state/bytes";
import type { Address } from "../../../src/state/hex";
import type { StateReader } from "../../../src/state/state-reader";
import { runOn } from "../engine-pair";
import { environment, transaction } from "../environment";
import { MapState } from "../map-state";
import { readRealBlock } from "../real-block";
import { sharedData } from "../shared-data";
import type { Random } from "./random";

export interface Call {
  readonly from: Address;
  readonly to: Address;
  readonly data: Uint8Array;
  readonly value: bigint;
}

/** A state and calls that do something in it. */
export interface Corpus {
  readonly name: string;
  readonly state: StateReader;
  readonly environment: BlockEnvironment;
  readonly calls: readonly Call[];
}

const DEPLOYER: Address = "0xde9107e400000000000000000000000000000001";
const USER: Address = "0x05e4000000000000000000000000000000000001";
/** Signatures of the compiled contracts; arguments are words, some of them addresses. */
const SIGNATURES: readonly (readonly [contract: "Bench" | "Pools" | "Nft", signature: string])[] = [
  ["Bench", "balances(address)"],
  ["Bench", "totalSupply()"],
  ["Bench", "fund(address[],uint256)"],
  ["Bench", "fill(uint256,uint256)"],
  ["Bench", "approveFor(address[],address[])"],
  ["Bench", "transfer(address,uint256)"],
  ["Bench", "transferFrom(address,address,uint256)"],
  ["Bench", "mint(uint256)"],
  ["Bench", "count(uint256)"],
  ["Bench", "work(uint256)"],
  ["Bench", "arith(uint256)"],
  ["Pools", "create(address,address,uint112,uint256)"],
  ["Nft", "mint()"],
  ["Nft", "ownerOf(uint256)"],
];

/** The compiled contracts, deployed, and some of the mainnet blocks: which ones, the source of choices decides. */
export async function readCorpora(random: Random, blocks: number): Promise<readonly Corpus[]> {
  const compiled = await compiledCorpus();
  const folder = sharedData("blocks");
  if (folder === null) {
    return [compiled];
  }
  const numbers = readdirSync(folder)
    .flatMap((file) => /^(\d+)\.json\.gz$/.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const chosen = new Set<number>();
  while (chosen.size < Math.min(blocks, numbers.length)) {
    chosen.add(random.pick(numbers));
  }
  return [compiled, ...[...chosen].map((number) => blockCorpus(folder, number))];
}

function blockCorpus(folder: string, number: number): Corpus {
  const block = readRealBlock(folder, number);
  const state = block.preState();
  const calls = block.input.transactions.flatMap(({ from, to, data, value }): Call[] =>
    to === null || state.code(state.codeHash(to)).length === 0 ? [] : [{ from, to, data, value }],
  );
  return { name: `block ${number}`, state, environment: block.input.environment, calls };
}

async function compiledCorpus(): Promise<Corpus> {
  const state = new MapState({
    [DEPLOYER]: { balance: 10n ** 18n },
    [USER]: { balance: 10n ** 18n },
  });
  const block = environment("osaka");
  const engine = new EthereumjsEngine();
  const addresses = new Map<string, Address>();
  for (const [name, creation] of Object.entries(compileContracts())) {
    const execution = await runOn(engine, {
      state,
      transaction: transaction(DEPLOYER, {
        nonce: state.nonce(DEPLOYER),
        data: hexToBytes(creation),
        gasLimit: 5_000_000n,
      }),
      environment: block,
      trace: false,
    });
    if (!execution.ok || execution.outcome.createdAddress === null || execution.outcome.halt) {
      throw new Error(`expected ${name} to be deployed, got ${JSON.stringify(execution.ok)}`);
    }
    state.apply(execution.outcome.writes);
    addresses.set(name, execution.outcome.createdAddress);
  }
  const words = [USER, DEPLOYER, addresses.get("Bench") ?? USER].map(BigInt);
  const calls = SIGNATURES.flatMap(([contract, signature]): Call[] => {
    const to = addresses.get(contract);
    const selector = keccak256(Buffer.from(signature)).subarray(0, 4);
    // Two heads of arguments: addresses first, and small numbers (for arrays: offsets to lengths).
    const heads = [
      [words[2], words[2], 1_000_000n, 2n, 3n],
      [words[0], 40n, 2n, 7n, 9n, 1n],
      [64n, 160n, 2n, words[0], words[1], 1n, words[2]],
      [30n, 60n, 90n],
    ];
    return to === undefined
      ? []
      : heads.map((head) => ({
          from: USER,
          to,
          value: 0n,
          data: new Uint8Array(
            Buffer.concat([selector, ...head.map((word) => bigIntToBytes32(word ?? 0n))]),
          ),
        }));
  });
  return { name: "compiled contracts", state, environment: block, calls };
}
