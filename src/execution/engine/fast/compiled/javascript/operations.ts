/**
 * JavaScript for one opcode: what it computes, in the representation that its operands allow.
 *
 * Owns: opcodes that leave control where it is. Does not own: jumps, calls and ends (generator.ts), static gas.
 * `gas` in generated code is what is left after the whole segment's static gas (control-flow.ts): dynamic gas
 * may be taken from it directly, and what shows the gas adds `prepaid`.
 */
import { invariant } from "../../../../../errors/base-error";
import type { Step } from "../control-flow";
import { OP } from "../opcode-facts";
import { foldConstant } from "../walk-steps";
import { ARITHMETIC } from "./arithmetic";
import { asNumber, asWord, constantItem, type Item, isSmall, MAX_NUMBER } from "./item";
import {
  at,
  type Inputs,
  n,
  nothing,
  number,
  type Operation,
  type Place,
  w,
  word,
  words,
} from "./operation";

const MAX_MEMORY = 2 ** 32;
const FREE_MEMORY_POINTER = 0x40n;

/** The result, or any item if the opcode has none. */
export function writeOperation(place: Place, inputs: Inputs, step: Step): Item {
  const folded = foldConstant(
    step,
    inputs.map(({ constant }) => constant),
  );
  if (folded !== null) {
    return constantItem(folded);
  }
  const operation = OPERATIONS[step.opcode];
  invariant(operation !== undefined, `no JavaScript for opcode ${step.opcode}`);
  return operation(place, inputs, step);
}

/** Makes `bytes` from the offset on active; returns the offset as an expression. */
function reach({ writer }: Place, offset: Item, bytes: number): string {
  if (offset.constant !== null) {
    const end = Number(offset.constant) + bytes;
    writer.line(`if(memory.size<${end}){frame.gas=gas;frame.reach(${end});gas=frame.gas;}`);
    return asNumber(offset);
  }
  const start = isSmall(offset)
    ? asNumber(offset)
    : writer.define("number", asNumber(offset), MAX_MEMORY).name;
  writer.line(
    `if(memory.size<${start}+${bytes}){frame.gas=gas;frame.reach(${start}+${bytes});gas=frame.gas;}`,
  );
  return start;
}

const memoryLoad: Operation = (place, inputs) => {
  const offset = at(inputs, 0);
  const start = reach(place, offset, 32);
  if (offset.constant !== FREE_MEMORY_POINTER || place.isWide) {
    return word(place, `memory.load(${start})`);
  }
  const result = number(place, `memory.loadNumber(${start})`, MAX_NUMBER);
  place.writer.line(`if(${result.name}<0){${place.leave()}}`);
  return result;
};

const memoryStore: Operation = (place, inputs) => {
  const value = at(inputs, 1);
  const start = reach(place, at(inputs, 0), 32);
  place.writer.line(
    isSmall(value)
      ? `memory.storeNumber(${start},${asNumber(value)});`
      : `memory.store(${start},${asWord(value)});`,
  );
  return nothing;
};

const memoryStoreByte: Operation = (place, inputs) => {
  const value = at(inputs, 1);
  const start = reach(place, at(inputs, 0), 1);
  const byte = isSmall(value) ? `${asNumber(value)}&255` : `Number(${asWord(value)}&255n)`;
  place.writer.line(`memory.bytes[${start}]=${byte};`);
  return nothing;
};

/** A function that charges `frame.gas`; with a result or without. */
const charging =
  (call: (inputs: Inputs, step: Step) => string, hasResult: boolean): Operation =>
  (place, inputs, step) => {
    place.writer.line("frame.gas=gas;");
    let result = nothing;
    if (hasResult) {
      result = word(place, call(inputs, step));
    } else {
      place.writer.line(`${call(inputs, step)};`);
    }
    place.writer.line("gas=frame.gas;");
    return result;
  };

const stateful = (name: string, hasResult: boolean): Operation =>
  charging((inputs, { pc }) => `${name}(context,frame,${pc},${words(inputs)})`, hasResult);
const moving = (name: string): Operation =>
  charging((inputs) => `${name}(context,frame,${words(inputs)})`, false);
const reading =
  (expression: string): Operation =>
  (place) =>
    word(place, expression);
const measuring =
  (expression: string): Operation =>
  (place) =>
    number(place, expression, MAX_MEMORY);
const log = charging((inputs) => {
  const topics = inputs.slice(2).map(asWord).join(",");
  return `log(context,frame,${w(inputs, 0)},${w(inputs, 1)},[${topics}])`;
}, false);

const OPERATIONS: Readonly<Record<number, Operation>> = {
  ...ARITHMETIC,
  [OP.KECCAK256]: charging(
    (inputs) => `hashMemory(context,frame,${n(inputs, 0)},${n(inputs, 1)})`,
    true,
  ),
  [OP.ADDRESS]: reading("frame.addressWord"),
  [OP.BALANCE]: stateful("accountBalance", true),
  [OP.ORIGIN]: reading("context.words.origin"),
  [OP.CALLER]: reading("frame.callerWord"),
  [OP.CALLVALUE]: reading("frame.value"),
  [OP.CALLDATALOAD]: (place, inputs) => word(place, `loadInput(frame.calldata,${n(inputs, 0)})`),
  [OP.CALLDATASIZE]: measuring("frame.calldata.length"),
  [OP.CALLDATACOPY]: charging(
    (inputs) => `copyToMemory(context,frame,frame.calldata.bytes,${words(inputs)})`,
    false,
  ),
  [OP.CODESIZE]: ({ codeLength }) => constantItem(BigInt(codeLength)),
  [OP.CODECOPY]: charging(
    (inputs) => `copyToMemory(context,frame,frame.analysis.code,${words(inputs)})`,
    false,
  ),
  [OP.GASPRICE]: reading("context.message.gasPrice"),
  [OP.EXTCODESIZE]: stateful("externalCodeSize", true),
  [OP.EXTCODECOPY]: stateful("copyExternalCode", false),
  [OP.RETURNDATASIZE]: measuring("frame.returnData.length"),
  [OP.RETURNDATACOPY]: moving("copyReturnData"),
  [OP.EXTCODEHASH]: stateful("externalCodeHash", true),
  [OP.BLOCKHASH]: (place, inputs) => word(place, `blockHash(context,${w(inputs, 0)})`),
  [OP.COINBASE]: reading("context.block.coinbase"),
  [OP.TIMESTAMP]: reading("context.environment.timestamp"),
  [OP.NUMBER]: reading("context.environment.number"),
  [OP.PREVRANDAO]: reading("context.block.randomness"),
  [OP.GASLIMIT]: reading("context.environment.gasLimit"),
  [OP.CHAINID]: reading("context.environment.rules.chainId"),
  [OP.SELFBALANCE]: (place, _, { pc }) => {
    place.writer.line(`context.view.at(${pc});`);
    return word(place, "context.view.balance(frame.address)");
  },
  [OP.BASEFEE]: reading("(context.environment.baseFeePerGas??0n)"),
  [OP.BLOBHASH]: (place, inputs) => word(place, `context.words.blobHash(${w(inputs, 0)})`),
  [OP.BLOBBASEFEE]: reading("context.block.blobBaseFee"),
  [OP.MLOAD]: memoryLoad,
  [OP.MSTORE]: memoryStore,
  [OP.MSTORE8]: memoryStoreByte,
  [OP.SLOAD]: stateful("loadStorage", true),
  [OP.SSTORE]: stateful("storeStorage", false),
  [OP.MSIZE]: measuring("memory.size"),
  [OP.GAS]: (place, _, { prepaid }) => number(place, `gas+${prepaid}`),
  [OP.TLOAD]: charging((inputs) => `transientLoad(context,frame,${words(inputs)})`, true),
  [OP.TSTORE]: moving("transientStore"),
  [OP.MCOPY]: moving("copyWithinMemory"),
  [OP.LOG0]: log,
  [OP.LOG1]: log,
  [OP.LOG2]: log,
  [OP.LOG3]: log,
  [OP.LOG4]: log,
};
