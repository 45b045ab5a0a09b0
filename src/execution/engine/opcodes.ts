/**
 * Opcodes that must not run as ethereumjs wrote them, because they would read more of the state than
 * they need (performance and conflicts) or keep state outside the view.
 *
 * Owns: replacements of handlers on one EVM instance. Does not own: gas (ethereumjs' handlers stay),
 * tracing (traced-opcodes.ts).
 */
import { createEIP7708TransferLog, EVMError, type EVMOpts } from "@ethereumjs/evm";
import { createAddressFromBigInt } from "@ethereumjs/util";
import { invariant } from "../../errors/base-error";
import { bytesToHex } from "../../state/bytes";
import type { Address } from "../../state/hex";
import {
  creation,
  externalCodeCopy,
  externalCodeHash,
  externalCodeSize,
} from "./container-lookalikes";
import type { MessageContext } from "./message-context";
import type { MessageJournal } from "./message-journal";
import { chargeNewAccount, chargeSlot } from "./state-growth";
import { withoutUnpayableData } from "./unpayable-revert";

type CustomOpcode = NonNullable<EVMOpts["customOpcodes"]>[number];
export type OpcodeHandler = Extract<CustomOpcode, { opcodeName: string }>["logicFunction"];
export type RunState = Parameters<OpcodeHandler>[0];
export type GasHandler = NonNullable<Extract<CustomOpcode, { opcodeName: string }>["gasFunction"]>;

/** One entry of EVM._opcodeMap, as far as it is used here. */
export interface OpcodeEntry {
  readonly opcodeInfo: { readonly code: number; readonly isAsync: boolean };
  opHandler: OpcodeHandler;
  gasHandler: GasHandler;
}

export const OPCODE = {
  KECCAK256: 0x20,
  BALANCE: 0x31,
  EXTCODESIZE: 0x3b,
  EXTCODECOPY: 0x3c,
  EXTCODEHASH: 0x3f,
  SELFBALANCE: 0x47,
  SLOAD: 0x54,
  SSTORE: 0x55,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
  SELFDESTRUCT: 0xff,
} as const;

const ADDRESS_MASK = (1n << 160n) - 1n;

/** Where the value of a message lies on the stack (0 = top); null = the message carries none. */
const VALUE_POSITION = new Map<number, number | null>([
  [OPCODE.CALL, 2],
  [OPCODE.CALLCODE, 2],
  [OPCODE.STATICCALL, null],
  [OPCODE.CREATE, 0],
  [OPCODE.CREATE2, 0],
]);

/** Replaces the handlers in `map`, which belongs to one EVM instance. */
export function replaceOpcodes(
  map: OpcodeEntry[],
  context: MessageContext,
  journal: MessageJournal,
  mayCreateAnyLength: boolean,
): void {
  const replace = (code: number, make: (original: OpcodeHandler) => OpcodeHandler): void => {
    const entry = map[code];
    invariant(entry !== undefined, `the EVM has no entry for opcode ${code}`);
    // opcodes that the fork does not have share the entry of INVALID
    if (entry.opcodeInfo.code === code) {
      entry.opHandler = make(entry.opHandler);
    }
  };

  const revert = map[OPCODE.REVERT];
  if (revert?.opcodeInfo.code === OPCODE.REVERT) {
    revert.gasHandler = withoutUnpayableData(revert);
  }
  replace(OPCODE.SLOAD, () => {
    const load: OpcodeHandler = (runState) => {
      const slot = runState.stack.pop();
      runState.stack.push(context.view.storage(runningAddress(runState), slot));
    };
    return context.rules.isActive(7928) ? recordingRead(load, context) : load;
  });
  replace(OPCODE.SSTORE, () =>
    context.rules.isActive(8037)
      ? (runState, common) => storeCharged(runState, common, context)
      : (runState) => {
          const slot = runState.stack.pop();
          context.view.setStorage(runningAddress(runState), slot, runState.stack.pop());
        },
  );
  replace(OPCODE.TLOAD, () => (runState) => {
    const address = runningAddress(runState);
    const slot = runState.stack.pop();
    recordTransient(context, address, slot);
    runState.stack.push(journal.transient(address, slot));
  });
  replace(OPCODE.TSTORE, () => (runState) => {
    if (runState.interpreter.isStatic()) {
      throw new EVMError(EVMError.errorMessages.STATIC_STATE_CHANGE);
    }
    const address = runningAddress(runState);
    const slot = runState.stack.pop();
    const value = runState.stack.pop();
    recordTransient(context, address, slot);
    journal.setTransient(address, slot, value);
  });
  replace(
    OPCODE.SELFDESTRUCT,
    () => (runState, common) => selfDestruct(runState, common, context, journal),
  );
  if (!context.rules.isActive(3540)) {
    replace(OPCODE.EXTCODESIZE, () => externalCodeSize(context));
    replace(OPCODE.EXTCODECOPY, () => externalCodeCopy(context));
    replace(OPCODE.EXTCODEHASH, () => externalCodeHash(context));
    replace(OPCODE.CREATE, (original) => creation(original, false, mayCreateAnyLength));
    replace(OPCODE.CREATE2, (original) => creation(original, true, mayCreateAnyLength));
  }
  for (const [code, position] of VALUE_POSITION) {
    replace(code, (original) => async (runState, common) => {
      context.balanceBound =
        position === null ? 0n : (runState.stack.peek(position + 1)[position] ?? 0n);
      try {
        await original(runState, common);
      } finally {
        context.balanceBound = null;
      }
    });
  }
}

function recordTransient({ view }: MessageContext, address: Address, slot: bigint): void {
  if (view.tracing) {
    view.recordTransient(address, slot);
  }
}

/** Lower-case address of the account whose storage the running frame uses. */
export function runningAddress(runState: RunState): `0x${string}` {
  return bytesToHex(runState.env.address.bytes);
}

/** SLOAD from EIP-7928 on. */
function recordingRead(load: OpcodeHandler, context: MessageContext): OpcodeHandler {
  return (runState, common) => {
    const [slot = 0n] = runState.stack.peek(1);
    context.hooks?.listRecorder?.read(runningAddress(runState), slot);
    return load(runState, common);
  };
}

/** SSTORE from EIP-8037 on: all that its charge depends on has been read for its other gas. */
function storeCharged(
  runState: RunState,
  common: Parameters<OpcodeHandler>[1],
  { view, hooks }: MessageContext,
): void {
  const address = runningAddress(runState);
  const slot = runState.stack.pop();
  const value = runState.stack.pop();
  const current = view.storage(address, slot);
  const original = view.originalStorage(address, slot);
  view.setStorage(address, slot, value);
  hooks?.listRecorder?.write(address, slot, value, original);
  chargeSlot(runState, common, { original, current, value });
}

/**
 * SELFDESTRUCT (yellow paper; EIP-6780): the balance of the contract is read exactly, that of the
 * beneficiary not at all, or whether it has any (EIP-8037). Ends the frame.
 */
async function selfDestruct(
  runState: RunState,
  common: Parameters<OpcodeHandler>[1],
  context: MessageContext,
  journal: MessageJournal,
): Promise<never> {
  const { view } = context;
  const recorder = context.hooks?.listRecorder;
  const { interpreter } = runState;
  const self = runningAddress(runState);
  const beneficiary = createAddressFromBigInt(runState.stack.pop() & ADDRESS_MASK);
  const beneficiaryHex = bytesToHex(beneficiary.bytes);
  const { selfdestruct, createdAddresses } = interpreter._result;
  if (!selfdestruct.has(self)) {
    interpreter.refundGas(common.param("selfdestructRefundGas"));
  }
  selfdestruct.set(self, beneficiaryHex);

  const balance = view.balance(self);
  const toItself = beneficiaryHex === self;
  if (!toItself) {
    if (balance > 0n && common.isActivatedEIP(7708)) {
      interpreter._result.logs.push(
        createEIP7708TransferLog(runState.env.address, beneficiary, balance),
      );
    }
    const isNew = balance > 0n && common.isActivatedEIP(8037) && view.isEmpty(beneficiaryHex);
    await journal.putAccount(beneficiary, undefined);
    if (balance > 0n) {
      view.credit(beneficiaryHex, balance);
    }
    recorder?.balance(beneficiaryHex, balance);
    if (isNew) {
      chargeNewAccount(runState, common);
    }
  }
  // EIP-6780: only an account made in this transaction burns what it sends to itself; EIP-8246: none does
  const burnsOwn =
    !common.isActivatedEIP(8246) &&
    (!common.isActivatedEIP(6780) || createdAddresses?.has(self) === true);
  if (!toItself || burnsOwn) {
    recorder?.balance(self, -balance);
    if (balance > 0n) {
      view.debit(self, balance);
    }
  }
  throw new EVMError(EVMError.errorMessages.STOP);
}
