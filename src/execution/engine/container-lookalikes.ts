/**
 * Code that begins with 0xef00. @ethereumjs/evm takes it for an EOF container (EIP-3540) on every
 * hardfork; without that EIP it is code like any other, whose first opcode is invalid.
 *
 * Owns: the opcodes that look at other code, and creations, for such code. Does not own: their gas.
 */
import { EVMError } from "@ethereumjs/evm";
import { createAddressFromBigInt } from "@ethereumjs/util";
import { bigIntToBytes32, bytesToHex } from "../../state/bytes";
import type { MessageContext } from "./message-context";
import type { OpcodeHandler, RunState } from "./opcodes";

const ADDRESS_MASK = (1n << 160n) - 1n;
const MAGIC = [0xef, 0x00] as const;

export function externalCodeSize(context: MessageContext): OpcodeHandler {
  return (runState) => {
    const address = popAddress(runState);
    context.hooks?.listRecorder?.account(address);
    runState.stack.push(BigInt(context.view.code(address).length));
  };
}

export function externalCodeCopy(context: MessageContext): OpcodeHandler {
  return (runState) => {
    const address = popAddress(runState);
    context.hooks?.listRecorder?.account(address);
    const [target = 0n, from = 0n, length = 0n] = runState.stack.popN(3);
    if (length === 0n) {
      return;
    }
    const code = context.view.code(address);
    const start = from < BigInt(code.length) ? Number(from) : code.length;
    const data = new Uint8Array(Number(length));
    data.set(code.subarray(start, start + data.length));
    runState.memory.write(Number(target), data.length, data);
  };
}

export function externalCodeHash(context: MessageContext): OpcodeHandler {
  return (runState) => {
    const { view } = context;
    const address = popAddress(runState);
    context.hooks?.listRecorder?.account(address);
    runState.stack.push(view.isEmpty(address) ? 0n : BigInt(view.codeHash(address)));
  };
}

/** The handler of CREATE or CREATE2, `original` for all init code but such. */
export function creation(
  original: OpcodeHandler,
  salted: boolean,
  mayBeAnyLength: boolean,
): OpcodeHandler {
  return async (runState, common) => {
    const [, offset = 0n, length = 0n] = runState.stack.peek(3);
    if (length < BigInt(MAGIC.length)) {
      return original(runState, common);
    }
    const start = runState.memory.read(Number(offset), MAGIC.length);
    if (MAGIC.some((byte, index) => start[index] !== byte)) {
      return original(runState, common);
    }
    if (
      !mayBeAnyLength &&
      common.isActivatedEIP(3860) &&
      length > common.param("maxInitCodeSize")
    ) {
      throw new EVMError(EVMError.errorMessages.INITCODE_SIZE_VIOLATION);
    }
    const [value = 0n] = runState.stack.popN(3);
    const salt = salted ? bigIntToBytes32(runState.stack.pop()) : undefined;
    const gas = runState.messageGasLimit ?? 0n; // the gas handler has set it
    delete runState.messageGasLimit;
    const initCode = runState.memory.read(Number(offset), Number(length), true);
    const { interpreter } = runState;
    runState.stack.push(
      salt === undefined
        ? await interpreter.create(gas, value, initCode)
        : await interpreter.create2(gas, value, initCode, salt),
    );
  };
}

function popAddress(runState: RunState): `0x${string}` {
  return bytesToHex(createAddressFromBigInt(runState.stack.pop() & ADDRESS_MASK).bytes);
}
