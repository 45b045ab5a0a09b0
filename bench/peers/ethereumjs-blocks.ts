/** @ethereumjs/vm runBlock over mainnet blocks with a partial pre-state (see real-blocks.ts). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createBlock } from "@ethereumjs/block";
import { Common, Mainnet } from "@ethereumjs/common";
import type { EVMMockBlockchainInterface } from "@ethereumjs/evm";
import { MerkleStateManager } from "@ethereumjs/statemanager";
import { createTxFromRPC } from "@ethereumjs/tx";
import {
  Account,
  bytesToHex,
  createAddressFromString,
  hexToBytes,
  setLengthLeft,
  unpadBytes,
} from "@ethereumjs/util";
import { createVM, runBlock } from "@ethereumjs/vm";
import { lazyKzg, loadKzg } from "../../src/execution/engine/kzg";
import { ownCpu, type Peer } from "./peer";

type Hex = `0x${string}`;

/** What is read of a file; the README of the data is the contract of its shape. */
interface BlockFile {
  readonly hardfork: string;
  readonly header: Readonly<Record<string, Hex | null>>;
  readonly blockHashes: Readonly<Record<string, Hex>>;
  readonly transactions: readonly Parameters<typeof createTxFromRPC>[0][];
  readonly codes: Readonly<Record<string, Hex>>;
  readonly preState: Readonly<
    Record<Hex, { balance: Hex; nonce: Hex; codeHash?: Hex; storage?: Readonly<Record<Hex, Hex>> }>
  >;
  readonly expected: { readonly gasUsed: Hex | number; readonly logsBloom: Hex };
}

export async function createEthereumjsBlocksPeer(
  name: string,
  folder: string,
  numbers: readonly number[],
): Promise<Peer> {
  await loadKzg();
  const blocks: (Awaited<ReturnType<typeof prepare>> & { readonly number: number })[] = [];
  for (const number of numbers) {
    blocks.push({ number, ...(await prepare(readBlock(folder, number), number)) });
  }
  return {
    async run() {
      const total = { wall: 0, cpu: 0, gasUsed: 0n };
      for (const { number, vm, block, root, expected } of blocks) {
        const cpu = ownCpu();
        const started = performance.now();
        const { gasUsed, logsBloom } = await runBlock(vm, {
          block,
          root,
          generate: true,
          skipBlockValidation: true,
          skipHeaderValidation: true,
          skipHardForkValidation: true,
        });
        total.wall += performance.now() - started;
        total.cpu += ownCpu() - cpu;
        total.gasUsed += gasUsed;
        if (gasUsed !== BigInt(expected.gasUsed) || bytesToHex(logsBloom) !== expected.logsBloom) {
          throw new Error(`${name}: block ${number}: the results are not those of its header`);
        }
      }
      return {
        wall: total.wall,
        cpu: total.cpu,
        results: { gasUsed: String(total.gasUsed) },
      };
    },
    fill: async () => {
      throw new Error(`${name} takes no fills`);
    },
    close: async () => undefined,
  };
}

function readBlock(folder: string, number: number): BlockFile {
  const bytes = gunzipSync(readFileSync(join(folder, `${number}.json.gz`)));
  return JSON.parse(bytes.toString("utf8")); // see BlockFile
}

async function prepare(file: BlockFile, number: number) {
  const common = new Common({
    chain: Mainnet,
    hardfork: file.hardfork,
    customCrypto: { kzg: lazyKzg },
  });
  const stateManager = new MerkleStateManager({ common });
  const vm = await createVM({ common, stateManager, blockchain: ancestors(file) });
  await fill(stateManager, file);
  const root = await stateManager.getStateRoot();
  const transactions = await Promise.all(
    file.transactions.map((json) => createTxFromRPC(json, { common, freeze: false })),
  );
  const { header } = file;
  const block = createBlock(
    {
      header: {
        number,
        coinbase: createAddressFromString(header.miner ?? "0x"),
        timestamp: BigInt(header.timestamp ?? 0),
        gasLimit: BigInt(header.gasLimit ?? 0),
        difficulty: BigInt(header.difficulty ?? 0),
        ...(header.mixHash == null ? {} : { mixHash: header.mixHash }),
        ...(header.baseFeePerGas == null ? {} : { baseFeePerGas: header.baseFeePerGas }),
        ...(header.excessBlobGas == null ? {} : { excessBlobGas: header.excessBlobGas }),
        ...(header.parentBeaconBlockRoot == null
          ? {}
          : { parentBeaconBlockRoot: header.parentBeaconBlockRoot }),
      },
      transactions,
    },
    { common, skipConsensusFormatValidation: true, freeze: false },
  );
  for (const transaction of block.transactions) {
    transaction.getSenderAddress();
  }
  return { vm, block, root, expected: file.expected };
}

async function fill(stateManager: MerkleStateManager, file: BlockFile): Promise<void> {
  for (const [key, account] of Object.entries(file.preState)) {
    const address = createAddressFromString(key);
    await stateManager.putAccount(
      address,
      new Account(BigInt(account.nonce), BigInt(account.balance)),
    );
    const code = account.codeHash === undefined ? undefined : file.codes[account.codeHash];
    if (code !== undefined) {
      await stateManager.putCode(address, hexToBytes(code));
    }
    for (const [slot, value] of Object.entries(account.storage ?? {})) {
      await stateManager.putStorage(address, slotKey(slot as Hex), slotValue(value)); // keys of the data
    }
  }
  await stateManager.flush();
}

function slotKey(slot: Hex): Uint8Array {
  return setLengthLeft(hexToBytes(slot), 32);
}

function slotValue(value: Hex): Uint8Array {
  return unpadBytes(hexToBytes(value));
}

/** A blockchain that knows the hashes that BLOCKHASH asks for, and nothing else. */
function ancestors({ blockHashes }: BlockFile): EVMMockBlockchainInterface {
  const blockchain: EVMMockBlockchainInterface = {
    getBlock: async (number) => {
      const hash = blockHashes[String(number)];
      if (hash === undefined) {
        throw new Error(`no hash of block ${number}`);
      }
      return { hash: () => hexToBytes(hash) };
    },
    putBlock: async () => undefined,
    shallowCopy: () => blockchain,
  };
  return blockchain;
}
