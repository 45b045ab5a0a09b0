/**
 * @ethereumjs/evm over a state view: one instance runs one message at a time.
 *
 * Owns: what differs from ethereumjs: value moves as credit and debit, accounts are read field by
 * field, warm sets and transient storage live in a MessageJournal, frames are told to the view.
 * Does not own: gas, opcodes, call and creation rules (ethereumjs).
 *
 * Invariant: after `runMessage` returned or threw, the instance carries nothing into the next one.
 */
import {
  type EVM,
  EVMError,
  type EVMResult,
  type Message as EvmMessage,
  type InterpreterStep,
  NobleBN254,
} from "@ethereumjs/evm";
import {
  type Account,
  createAddressFromString,
  Address as EthereumjsAddress,
} from "@ethereumjs/util";
import { keccak256 } from "../../crypto/keccak256";
import { invariant } from "../../errors/base-error";
import { bytesToHex, hexToBytes } from "../../state/bytes";
import { create2Address, createAddress } from "../contract-address";
import { forkRules } from "../fork-rules";
import type { StateView } from "../state-view";
import type { BlockEnvironment, ExecutionRules } from "../transaction";
import { ancestorHashBytes, blockContext } from "./block-context";
import { isConsoleAddress } from "./console-address";
import type { EngineHooks, EngineStep, Message, MessageResult } from "./engine";
import { createEvmCommon, tabulate } from "./evm-common";
import { describeCall, describeCreation } from "./frame-description";
import { LazyAccount } from "./lazy-account";
import { MessageContext } from "./message-context";
import { MessageJournal, NO_TRANSIENT_STORAGE } from "./message-journal";
import { isFailure, messageResult } from "./message-result";
import { MeteredEvm } from "./metered-evm";
import {
  CountingObserver,
  enteredCall,
  enteredCreation,
  leftFrame,
  observeFrames,
} from "./observed-frames";
import { OPCODE, type OpcodeEntry, replaceOpcodes } from "./opcodes";
import { preparePrecompiles } from "./precompiles";
import { traceOpcodes } from "./traced-opcodes";
import { ViewStateManager } from "./view-state-manager";

type CallMessage = EvmMessage & { to: EthereumjsAddress };

export class ViewEvm extends MeteredEvm {
  readonly #context: MessageContext;
  readonly #journal: MessageJournal;
  readonly #plainOpcodes: EVM["_opcodeMap"];
  readonly #tracedOpcodes: EVM["_opcodeMap"];
  /** made when it is first needed */
  #observedOpcodes: EVM["_opcodeMap"] | null = null;
  #environment: BlockEnvironment | null = null;
  #observer: CountingObserver | null = null;
  /** True from the start of a traced creation until its address is known: the frame begins there. */
  #creationBegins = false;

  constructor(rules: ExecutionRules) {
    const context = new MessageContext(forkRules(rules));
    const stateManager = new ViewStateManager(context);
    super({
      common: createEvmCommon(rules),
      stateManager,
      blockchain: {
        getBlock: (number) => {
          const hash = this.#ancestorHash(number);
          return Promise.resolve({ hash: () => hash });
        },
        putBlock: () => Promise.resolve(),
        shallowCopy() {
          return this;
        },
      },
      bn254: new NobleBN254(),
      allowUnlimitedContractSize: rules.allowUnlimitedContractSize,
      allowUnlimitedInitCodeSize: rules.allowUnlimitedContractSize,
    });
    tabulate(this.common, rules);
    this.#context = context;
    preparePrecompiles(this._precompiles);
    this.#journal = new MessageJournal(
      context,
      stateManager,
      this.common.isActivatedEIP(2929) ? [...this._precompiles.keys()] : [],
    );
    // The EVM and its opcodes call only the methods that MessageJournal has; the class of the field
    // has private members, so no other class can be assigned without a cast.
    (this as { journal: unknown }).journal = this.#journal;
    // Transient storage is in the journal; ethereumjs' own would be unbalanced after a failed read.
    (this as { transientStorage: unknown }).transientStorage = NO_TRANSIENT_STORAGE;
    // Nobody listens to events other than `step`; the original emitter allocates for each message.
    const emit = this._emit;
    (this as unknown as { _emit: EVM["_emit"] })._emit = (topic, data) =>
      topic === "step" ? emit(topic, data) : DONE;
    // OpcodeEntry names the part of an entry that is changed here.
    replaceOpcodes(
      this._opcodeMap as OpcodeEntry[],
      context,
      this.#journal,
      rules.allowUnlimitedContractSize,
    );
    this.#plainOpcodes = this._opcodeMap;
    this.#tracedOpcodes = traceOpcodes(
      this._opcodeMap as (EVM["_opcodeMap"][number] & OpcodeEntry)[],
      context,
    );
  }

  async runMessage(
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks: EngineHooks | undefined,
  ): Promise<MessageResult> {
    this.#begin(message, environment, view, hooks);
    const step = hooks?.onStep;
    const onStep = step && ((event: InterpreterStep) => step(this.#toStep(event)));
    if (onStep !== undefined) {
      this.events.on("step", onStep);
    }
    try {
      const result = await this.runCall({
        block: blockContext(environment),
        caller: createAddressFromString(message.caller),
        ...(message.to === null ? {} : { to: createAddressFromString(message.to) }),
        origin: createAddressFromString(message.origin),
        value: message.value,
        data: message.data,
        gasLimit: message.gasLimit,
        gasPrice: message.gasPrice,
        blobVersionedHashes: [...message.blobVersionedHashes],
        skipNonceIncrement: true,
      });
      // ethereumjs takes an exception of a value transfer for a failed call
      view.rethrowFailedRead();
      const { rules } = this.#context;
      const { touched } = this.#journal;
      const isPrecompile = message.to !== null && this.getPrecompile(message.to) !== undefined;
      return messageResult(result, isPrecompile, rules, touched, this.stateGasUse(result));
    } finally {
      if (onStep !== undefined) {
        this.events.off("step", onStep);
      }
      this.#environment = null;
      this.#observer = null;
      this.accessList.recorder = null;
      this.#context.end();
    }
  }

  #begin(
    message: Message,
    environment: BlockEnvironment,
    view: StateView,
    hooks: EngineHooks | undefined,
  ): void {
    this.#environment = environment;
    this.#creationBegins = false;
    this.#context.begin(message, view, hooks);
    this.accessList.recorder = hooks?.listRecorder ?? null;
    this.#journal.begin(message);
    this.beginStateGas(message.stateGasReservoir ?? 0n);
    this.#observer = hooks?.frames === undefined ? null : new CountingObserver(hooks.frames);
    this._opcodeMap = this.#opcodesFor(view);
  }

  #opcodesFor(view: StateView): EVM["_opcodeMap"] {
    if (this.#observer === null) {
      return view.tracing ? this.#tracedOpcodes : this.#plainOpcodes;
    }
    this.#observedOpcodes ??= observeFrames(
      // as above
      this.#tracedOpcodes as (EVM["_opcodeMap"][number] & OpcodeEntry)[],
      this.#context,
      () => {
        invariant(this.#observer !== null, "the table is used only while there is an observer");
        return this.#observer;
      },
    );
    return this.#observedOpcodes;
  }

  // --- value

  protected override async _reduceSenderBalance(
    _account: Account,
    message: EvmMessage,
  ): Promise<void> {
    const { value } = message;
    if (value === 0n) {
      this.accessList.sent(message.caller, value);
      return;
    }
    const { view } = this.#context;
    const caller = bytesToHex(message.caller.bytes);
    if (!view.balanceAtLeast(caller, value)) {
      throw new EVMError(EVMError.errorMessages.INSUFFICIENT_BALANCE);
    }
    this.accessList.sent(message.caller, value);
    view.debit(caller, value);
    await this.#journal.putAccount(message.caller, undefined);
  }

  protected override async _addToBalance(account: Account, message: CallMessage): Promise<void> {
    const { value } = message;
    if (value > 0n) {
      const { view } = this.#context;
      const to = bytesToHex(message.to.bytes);
      if (view.creditOverflows(to, value)) {
        throw new EVMError(EVMError.errorMessages.VALUE_OVERFLOW);
      }
      view.credit(to, value);
    }
    this.accessList.received(message.to, value);
    // notes the touch, and writes the nonce of a created account
    await this.#journal.putAccount(
      message.to,
      account instanceof LazyAccount || account.nonce > 0n ? account : undefined,
    );
  }

  // --- messages

  protected override _executeCall(message: CallMessage): Promise<EVMResult> {
    this.#context.balanceBound = null;
    if (isConsoleAddress(message.codeAddress.bytes)) {
      this.#context.hooks?.onConsoleLog?.(message.data.slice());
    }
    this.#observer?.enter(enteredCall(message, this.#context.frameKind));
    const executed = this.#observedUntilLeft(message, super._executeCall(message));
    return this.#context.view.tracing ? this.#exitFrameAfter(executed, true) : executed;
  }

  protected override async _executeCreate(message: EvmMessage): Promise<EVMResult> {
    this.#context.balanceBound = null;
    this.#observer?.enter(enteredCreation(message, this.#context.frameKind));
    if (!this.#context.view.tracing) {
      return this.#observedUntilLeft(message, super._executeCreate(message));
    }
    this.#creationBegins = true;
    const result = await this.#observedUntilLeft(message, super._executeCreate(message));
    if (this.#creationBegins) {
      // ended before there was a frame (EIP-3860)
      this.#creationBegins = false;
      return result;
    }
    return this.#exitFrameAfter(Promise.resolve(result));
  }

  protected override async _loadCode(message: EvmMessage): Promise<void> {
    await super._loadCode(message);
    const { view } = this.#context;
    if (view.tracing) {
      view.enterFrame(describeCall(message, this.#context));
    }
  }

  protected override _generateAddress(message: EvmMessage): Promise<EthereumjsAddress> {
    const address = this.#addressOfCreation(message);
    if (this.#creationBegins) {
      this.#creationBegins = false;
      this.#context.view.enterFrame(describeCreation(message, address, this.#context));
    }
    return Promise.resolve(new EthereumjsAddress(hexToBytes(address)));
  }

  #addressOfCreation(message: EvmMessage): `0x${string}` {
    const caller = bytesToHex(message.caller.bytes);
    if (message.salt !== undefined) {
      const initCode = message.code instanceof Uint8Array ? message.code : message.data;
      return create2Address(caller, message.salt, keccak256(initCode));
    }
    if (message.depth === 0 && this.#context.message !== null) {
      return createAddress(caller, this.#context.message.callerNonce);
    }
    // the creator's nonce has just been bumped
    return createAddress(caller, this.#context.view.nonce(caller) - 1n);
  }

  #observedUntilLeft(message: EvmMessage, executed: Promise<EVMResult>): Promise<EVMResult> {
    const observer = this.#observer;
    return observer === null
      ? executed
      : executed.then((result) => {
          const isPrecompile = message.isCompiled === true;
          observer.exit(leftFrame(result, isPrecompile, observer, this.#context.rules));
          return result;
        });
  }

  /** @param isCall a call that ends before its code is loaded has entered no frame */
  async #exitFrameAfter(executed: Promise<EVMResult>, isCall = false): Promise<EVMResult> {
    const result = await executed;
    if (isCall && this.eip2780PrepOog) {
      return result;
    }
    const { executionGasUsed, exceptionError } = result.execResult;
    this.#context.view.exitFrame(executionGasUsed, !isFailure(exceptionError, this.#context.rules));
    return result;
  }

  #toStep(event: InterpreterStep): EngineStep {
    const { code, name, dynamicFee, fee } = event.opcode;
    const counted = code === OPCODE.SSTORE ? this.#observer?.refundBeforeStore : undefined;
    return {
      pc: event.pc,
      opcode: code,
      opcodeName: name,
      gasLeft: event.gasLeft,
      gasCost: dynamicFee ?? BigInt(fee),
      depth: event.depth,
      stack: event.stack,
      memory: event.memory,
      address: bytesToHex(event.address.bytes),
      gasRefund: counted ?? event.gasRefund,
    };
  }

  #ancestorHash(number: number): Uint8Array {
    return this.#environment === null
      ? new Uint8Array(32)
      : ancestorHashBytes(this.#environment, this.#context.view, BigInt(number));
  }
}

const DONE = Promise.resolve();
