/**
 * A chain of one transaction per block on @ethereumjs/evm that records what the access log records:
 * frames, storage accesses, preimages, deployed code. Independent of this package's executor.
 */

import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import {
  createEVM,
  type EVM,
  type EVMRunCallOpts,
  type InterpreterStep,
  type Message,
} from "@ethereumjs/evm";
import {
  Account,
  createAddressFromString,
  createZeroAddress,
  hexToBytes,
  setLengthLeft,
} from "@ethereumjs/util";
import { Interface, type InterfaceAbi, keccak256, type Result } from "ethers";
import type {
  BlockRecord,
  Frame,
  FrameAccess,
  FrameKind,
  TransactionRecord,
} from "../../../src/access-log/block-record";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import type { Address, Hash, Hex } from "../../../src/state/hex";
import type { Read } from "../../../src/state/read-set";

export const SENDER: Address = "0x00000000000000000000000000000000000a11ce";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function hex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

function word(value: bigint): Uint8Array {
  return setLengthLeft(hexToBytes(`0x${value.toString(16).padStart(64, "0")}`), 32);
}

/** Every transaction's block, to itself: not the first, so that it has one before it. */
const BLOCK: NonNullable<EVMRunCallOpts["block"]> = {
  header: {
    number: 1n,
    coinbase: createZeroAddress(),
    timestamp: 0n,
    difficulty: 0n,
    prevRandao: new Uint8Array(32),
    gasLimit: 30_000_000n,
    baseFeePerGas: 0n,
    getBlobGasPrice: () => undefined,
  },
};

/** What one transaction does, as it goes. */
class Recording {
  readonly frames: Mutable<Frame>[] = [];
  readonly open: number[] = [];
  readonly accesses = new Map<string, Mutable<FrameAccess>>();
  readonly preimages = new Map<Hash, Hex>();
  readonly before = new Map<string, { address: Address; slot: bigint; value: bigint }>();
  readonly writes = new Map<string, { address: Address; slot: bigint }>();
  readonly transient = new Map<string, { address: Address; slot: bigint }>();
  nextKind: FrameKind = "call";
}

export interface Sent {
  readonly address: Address;
  readonly failed: boolean;
  readonly record: TransactionRecord;
}

export class RecordedChain {
  readonly blocks: BlockRecord[] = [];
  /** Increase it as a revert of the chain to a snapshot would. */
  segment = 0;
  #sender: Address = SENDER;
  readonly #evm: EVM;
  #current: Recording | null = null;

  private constructor(evm: EVM) {
    this.#evm = evm;
  }

  static async create(): Promise<RecordedChain> {
    const evm = await createEVM({
      common: new Common({ chain: Mainnet, hardfork: Hardfork.Cancun }),
      allowUnlimitedContractSize: true,
    });
    await evm.stateManager.putAccount(createAddressFromString(SENDER), new Account(0n, 10n ** 24n));
    const chain = new RecordedChain(evm);
    chain.#listen();
    return chain;
  }

  /** Deploys a contract; `links` are library addresses in the order of its link references. */
  async deploy(
    contract: ContractMetadata,
    args: readonly unknown[] = [],
    libraries: readonly Address[] = [],
  ): Promise<Address> {
    let code = contract.bytecode.slice(2);
    for (const [i, { start }] of contract.linkRanges.entries()) {
      const library = (libraries[i] ?? libraries[0] ?? "0x").slice(2);
      code = code.slice(0, 2 * start) + library + code.slice(2 * start + 40);
    }
    const encoded = interfaceOf(contract).encodeDeploy(args).slice(2);
    const sent = await this.send(null, `0x${code}${encoded}`);
    if (sent.failed) {
      throw new Error(`${contract.contractName} was not deployed`);
    }
    return sent.address;
  }

  /** Calls a function in a transaction; throws if it fails. */
  async call(
    contract: ContractMetadata,
    address: Address,
    name: string,
    args: readonly unknown[] = [],
    value = 0n,
  ): Promise<Sent> {
    const data = interfaceOf(contract).encodeFunctionData(name, args);
    const sent = await this.send(address, asHex(data), value);
    if (sent.failed) {
      throw new Error(`${name} failed`);
    }
    return sent;
  }

  /** Asks a view function; nothing is recorded. */
  async ask(
    contract: ContractMetadata,
    address: Address,
    name: string,
    args: readonly unknown[] = [],
  ): Promise<unknown> {
    return (await this.askAll(contract, address, name, args))[0];
  }

  /** The same with everything that the function returns. */
  async askAll(
    contract: ContractMetadata,
    address: Address,
    name: string,
    args: readonly unknown[] = [],
  ): Promise<Result> {
    const abi = interfaceOf(contract);
    await this.#evm.journal.checkpoint();
    const { execResult } = await this.#evm.runCall({
      to: createAddressFromString(address),
      caller: createAddressFromString(SENDER),
      origin: createAddressFromString(SENDER),
      data: hexToBytes(asHex(abi.encodeFunctionData(name, args))),
      gasLimit: 30_000_000n,
    });
    await this.#evm.journal.revert();
    if (execResult.exceptionError !== undefined) {
      throw new Error(`${name} failed: ${execResult.exceptionError.error}`);
    }
    return abi.decodeFunctionResult(name, execResult.returnValue);
  }

  /** Who sends the transactions from now on, with ether to spend. */
  async sendAs(sender: Address): Promise<void> {
    const address = createAddressFromString(sender);
    if ((await this.#evm.stateManager.getAccount(address)) === undefined) {
      await this.#evm.stateManager.putAccount(address, new Account(0n, 10n ** 24n));
    }
    this.#sender = sender;
  }

  /** The value of a slot now. */
  async storage(address: Address, slot: bigint): Promise<bigint> {
    const value = await this.#evm.stateManager.getStorage(
      createAddressFromString(address),
      word(slot),
    );
    return value.length === 0 ? 0n : BigInt(hex(value));
  }

  async send(to: Address | null, data: Hex, value = 0n): Promise<Sent> {
    const recording = new Recording();
    recording.nextKind = to === null ? "create" : "call";
    this.#current = recording;
    const result = await this.#evm.runCall({
      ...(to === null ? {} : { to: createAddressFromString(to) }),
      caller: createAddressFromString(this.#sender),
      origin: createAddressFromString(this.#sender),
      data: hexToBytes(data),
      block: BLOCK,
      value,
      gasLimit: 30_000_000n,
    });
    this.#current = null;
    await this.#evm.journal.cleanup();
    const address = to ?? asHex(result.createdAddress?.toString() ?? "0x");
    const record = await this.#record(recording, to, address);
    this.blocks.push(this.#block(record));
    return { address, failed: result.execResult.exceptionError !== undefined, record };
  }

  #listen(): void {
    const { events } = this.#evm;
    if (events === undefined) {
      throw new Error("this EVM emits no events");
    }
    events.on("beforeMessage", (message, resolve) => {
      if (this.#current !== null) {
        this.#enter(this.#current, message);
      }
      resolve?.();
    });
    events.on("newContract", ({ address }, resolve) => {
      const frame = this.#current?.frames[this.#current.open.at(-1) ?? -1];
      if (frame !== undefined) {
        frame.codeAddress = asHex(address.toString());
        frame.storageOwner = frame.codeAddress;
      }
      resolve?.();
    });
    events.on("afterMessage", (result, resolve) => {
      const index = this.#current?.open.pop();
      const frame = this.#current?.frames[index ?? -1];
      if (frame !== undefined) {
        frame.success = result.execResult.exceptionError === undefined;
      }
      resolve?.();
    });
    events.on("step", (step, resolve) => {
      const current = this.#current;
      const done = current === null ? Promise.resolve() : this.#step(current, step);
      void done.then(() => resolve?.());
    });
  }

  #enter(recording: Recording, message: Message): void {
    const parent = recording.open.at(-1) ?? -1;
    recording.open.push(recording.frames.length);
    const isCreation = message.to === undefined;
    const to = asHex(message.to?.toString() ?? "0x");
    recording.frames.push({
      parent,
      depth: message.depth,
      kind: recording.nextKind,
      caller: asHex(message.caller.toString()),
      codeAddress: isCreation ? to : asHex(message.codeAddress.toString()),
      codeHash: isCreation ? asHex(keccak256(message.data)) : "0x",
      storageOwner: to,
      value: message.value,
      input: isCreation ? "0x" : hex(message.data.subarray(0, 1024)),
      inputLength: isCreation ? 0 : message.data.length,
      gasUsed: 0n,
      success: false,
    });
  }

  async #step(recording: Recording, step: InterpreterStep): Promise<void> {
    const index = recording.open.at(-1) ?? -1;
    const { name } = step.opcode;
    const top = (depth: number) => step.stack[step.stack.length - 1 - depth] ?? 0n;
    if (name === "KECCAK256") {
      const [offset, length] = [Number(top(0)), Number(top(1))];
      const preimage = new Uint8Array(length);
      preimage.set(step.memory.subarray(offset, offset + length));
      recording.preimages.set(asHex(keccak256(preimage)), hex(preimage));
    } else if (name === "SLOAD" || name === "SSTORE") {
      await this.#access(recording, index, asHex(step.address.toString()), top(0), name);
    } else if (name === "TLOAD" || name === "TSTORE") {
      const [address, slot] = [asHex(step.address.toString()), top(0)];
      recording.transient.set(`${address} ${slot}`, { address, slot });
    } else if (/^(CREATE2?|(DELEGATE|STATIC)?CALL|CALLCODE)$/.test(name)) {
      // the cast: the expression above admits exactly the names of FrameKind in capitals
      recording.nextKind = name.toLowerCase() as FrameKind;
    }
  }

  async #access(
    recording: Recording,
    frame: number,
    address: Address,
    slot: bigint,
    opcode: "SLOAD" | "SSTORE",
  ): Promise<void> {
    const key = `${address} ${slot}`;
    if (!recording.before.has(key)) {
      const value = await this.storage(address, slot);
      recording.before.set(key, { address, slot, value });
    }
    if (opcode === "SSTORE") {
      recording.writes.set(key, { address, slot });
    }
    const access = recording.accesses.get(`${frame} ${key}`) ?? {
      frame,
      location: { kind: "storage", address, slot },
      read: false,
      write: false,
      readPc: -1,
      writePc: -1,
    };
    access.read = true; // SSTORE reads as well
    access.write ||= opcode === "SSTORE";
    recording.accesses.set(`${frame} ${key}`, access);
  }

  async #record(
    recording: Recording,
    to: Address | null,
    address: Address,
  ): Promise<TransactionRecord> {
    const { stateManager } = this.#evm;
    const deployed: TransactionRecord["deployed"][number][] = [];
    for (const frame of recording.frames) {
      const code = await stateManager.getCode(
        createAddressFromString(frame.codeAddress.padEnd(42, "0")),
      );
      if (frame.kind !== "create" && frame.kind !== "create2") {
        frame.codeHash = asHex(keccak256(code));
      } else if (code.length > 0) {
        deployed.push({
          address: frame.codeAddress,
          codeHash: asHex(keccak256(code)),
          code: hex(code),
        });
      }
    }
    const origin = { transactionIndex: -1, incarnation: 0 };
    const reads: Read[] = [...recording.before.values()].map(({ address, slot, value }) => ({
      kind: "storage",
      address,
      slot,
      value,
      origin,
    }));
    const writes: TransactionRecord["writes"][number][] = [];
    for (const [key, { address, slot }] of recording.writes) {
      const value = await this.storage(address, slot);
      const before = recording.before.get(key)?.value ?? null;
      writes.push({ write: { kind: "storage", address, slot, value }, before });
    }
    return {
      transactionIndex: 0,
      hash: asHex(keccak256(word(BigInt(this.blocks.length)))),
      type: 2,
      from: this.#sender,
      to,
      createdAddress: to === null ? address : null,
      nonce: BigInt(this.blocks.length),
      value: 0n,
      status: recording.frames[0]?.success === true ? 1 : 0,
      gasLimit: 30_000_000n,
      gasUsed: 21_000n,
      gasBeforeRefund: 21_000n,
      intrinsicGas: 21_000n,
      reads,
      writes,
      trace: {
        frames: recording.frames,
        accesses: [...recording.accesses.values()],
        preimages: [...recording.preimages].map(([hash, preimage]) => ({ hash, preimage })),
        transient: [...recording.transient.values()],
      },
      deployed,
    };
  }

  #block(record: TransactionRecord): BlockRecord {
    return {
      number: BigInt(this.blocks.length + 1),
      timestamp: 1_700_000_000n,
      coinbase: "0x0000000000000000000000000000000000000000",
      hardfork: "cancun",
      gasLimit: 30_000_000n,
      gasUsed: record.gasUsed,
      segment: this.segment,
      transactions: [record],
      observed: {
        mode: "sequential",
        workers: 1,
        incarnations: [1],
        aborts: [],
        milliseconds: 0,
      },
      rootCheck: null,
    };
  }
}

export function interfaceOf(contract: ContractMetadata): Interface {
  return new Interface(contract.abi as InterfaceAbi); // the compiler's own ABI
}

/** Lower-case hex of ethers or ethereumjs. */
export function asHex(text: string): Hex {
  return `0x${text.slice(2).toLowerCase()}`;
}
