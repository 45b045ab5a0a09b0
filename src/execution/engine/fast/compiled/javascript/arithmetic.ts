/**
 * Arithmetic, comparisons and bits in the representation that the operands allow. What is smaller than 2^53
 * stays a JavaScript number; a result that is not leaves the compiled code before the opcode, and the
 * next compilation makes it a word (CompileRequest.wide).
 */
import { OP } from "../opcode-facts";
import {
  asCondition,
  asNumber,
  asWord,
  constantItem,
  type Item,
  isSmall,
  MAX_NUMBER,
} from "./item";
import {
  areSmall,
  at,
  helper,
  type Inputs,
  n,
  number,
  type Operation,
  truth,
  w,
  word,
  words,
} from "./operation";

const WORD_BITS = 256n;
/** operands of JavaScript's bit operators are taken modulo 2^32 */
const UINT32_MAX = 0xffff_ffff;

/** A result that may exceed a number leaves the compiled code if it does. */
function sum(operator: "+" | "*", wide: (a: string, b: string) => string): Operation {
  return (place, inputs) => {
    if (!areSmall(inputs) || place.isWide) {
      return word(place, wide(w(inputs, 0), w(inputs, 1)));
    }
    const [a, b] = [at(inputs, 0).max, at(inputs, 1).max];
    const most = operator === "+" ? a + b : a * b;
    const result = number(
      place,
      `${n(inputs, 0)}${operator}${n(inputs, 1)}`,
      Math.min(most, MAX_NUMBER),
    );
    if (most > MAX_NUMBER) {
      place.writer.line(`if(${result.name}>${MAX_NUMBER}){${place.leave()}}`);
    }
    return result;
  };
}

const subtract: Operation = (place, inputs) => {
  if (!areSmall(inputs) || place.isWide) {
    return word(place, `subtract(${words(inputs)})`);
  }
  const result = number(place, `${n(inputs, 0)}-${n(inputs, 1)}`, at(inputs, 0).max);
  place.writer.line(`if(${result.name}<0){${place.leave()}}`);
  return result;
};

/** Quotient and remainder; signed division of numbers is the same, they are positive. */
const divide =
  (name: string, small: (a: string, b: string) => string): Operation =>
  (place, inputs) => {
    const divisor = at(inputs, 1);
    if (areSmall(inputs) && divisor.constant !== null) {
      return divisor.constant === 0n
        ? constantItem(0n)
        : number(place, small(n(inputs, 0), n(inputs, 1)), at(inputs, 0).max);
    }
    return word(place, `${name}(${words(inputs)})`);
  };

/** @param wide the comparison where one is a word */
const compare =
  (operator: "<" | ">" | "===", wide: (inputs: Inputs) => string): Operation =>
  (place, inputs) =>
    truth(place, areSmall(inputs) ? `${n(inputs, 0)}${operator}${n(inputs, 1)}` : wide(inputs));

/** JavaScript compares a bigint with a number exactly, and faster than it makes a bigint of the number. */
const ordered = (operator: "<" | ">"): Operation =>
  compare(operator, (inputs) => inputs.map(asOrdered).join(operator));

function asOrdered(item: Item): string {
  return item.representation === "number" && item.constant === null ? item.name : asWord(item);
}

const and: Operation = (place, inputs) => {
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  if (a.representation === "boolean" && b.representation === "boolean") {
    return truth(place, `${a.name}&&${b.name}`);
  }
  const mask = a.constant ?? b.constant;
  const other = a.constant === null ? a : b;
  if (mask === null) {
    return word(place, `${asWord(a)}&${asWord(b)}`);
  }
  if (mask === 0n) {
    return constantItem(0n);
  }
  const bits = mask + 1n;
  const isLowMask = (bits & mask) === 0n;
  if (isSmall(other) && isLowMask && mask >= BigInt(other.max)) {
    return other;
  }
  if (mask > BigInt(MAX_NUMBER)) {
    // A number has no bits above its own.
    return isSmall(other)
      ? number(place, `Number(${asWord(other)}&${asWord(constantItem(mask))})`, other.max)
      : word(place, `${asWord(other)}&0x${mask.toString(16)}n`);
  }
  const max = Number(mask);
  if (isSmall(other) && max <= UINT32_MAX) {
    return number(place, `(${asNumber(other)}&${max})>>>0`, max);
  }
  return isLowMask
    ? number(place, `Number(BigInt.asUintN(${mask.toString(2).length},${asWord(other)}))`, max)
    : number(place, `Number(${asWord(other)}&0x${mask.toString(16)}n)`, max);
};

const or: Operation = (place, inputs) => {
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  if (a.representation === "boolean" && b.representation === "boolean") {
    return truth(place, `${a.name}||${b.name}`);
  }
  return word(place, `${asWord(a)}|${asWord(b)}`);
};

const shiftRight: Operation = (place, inputs) => {
  const amount = at(inputs, 0).constant;
  const value = at(inputs, 1);
  if (amount === null) {
    return word(place, `shiftRight(${words(inputs)})`);
  }
  if (amount >= WORD_BITS) {
    return constantItem(0n);
  }
  const max = 2 ** Number(WORD_BITS - amount) - 1;
  if (isSmall(value)) {
    return number(place, `Math.floor(${asNumber(value)}/${2 ** Number(amount)})`, value.max);
  }
  return max <= MAX_NUMBER
    ? number(place, `Number(${asWord(value)}>>${amount}n)`, max)
    : word(place, `${asWord(value)}>>${amount}n`);
};

const shiftLeft: Operation = (place, inputs) => {
  const amount = at(inputs, 0).constant;
  if (amount !== null && amount < WORD_BITS) {
    return word(place, `(${w(inputs, 1)}<<${amount}n)&WORD_MASK`);
  }
  return word(place, `shiftLeft(${words(inputs)})`);
};

export const ARITHMETIC: Readonly<Record<number, Operation>> = {
  [OP.ADD]: sum("+", (a, b) => `add(${a},${b})`),
  [OP.MUL]: sum("*", (a, b) => `multiply(${a},${b})`),
  [OP.SUB]: subtract,
  [OP.DIV]: divide("divide", (a, b) => `Math.floor(${a}/${b})`),
  [OP.SDIV]: divide("signedDivide", (a, b) => `Math.floor(${a}/${b})`),
  [OP.MOD]: divide("modulo", (a, b) => `${a}%${b}`),
  [OP.SMOD]: divide("signedModulo", (a, b) => `${a}%${b}`),
  [OP.ADDMOD]: (place, inputs) =>
    word(place, `modulo(${w(inputs, 0)}+${w(inputs, 1)},${w(inputs, 2)})`),
  [OP.MULMOD]: (place, inputs) =>
    word(place, `modulo(${w(inputs, 0)}*${w(inputs, 1)},${w(inputs, 2)})`),
  [OP.EXP]: (place, inputs) => {
    place.writer.line(`gas-=byteLength(${w(inputs, 1)})*expByte;if(gas<0){throw OUT_OF_GAS;}`);
    return word(place, `power(${words(inputs)})`);
  },
  [OP.SIGNEXTEND]: helper("signExtend"),
  [OP.LT]: ordered("<"),
  [OP.GT]: ordered(">"),
  [OP.SLT]: compare("<", (inputs) => `signedLess(${words(inputs)})`),
  [OP.SGT]: compare(">", (inputs) => `signedLess(${words(inputs.toReversed())})`),
  [OP.EQ]: compare("===", (inputs) => inputs.map(asWord).join("===")),
  [OP.ISZERO]: (place, inputs) => truth(place, `!${asCondition(at(inputs, 0))}`),
  [OP.AND]: and,
  [OP.OR]: or,
  [OP.XOR]: (place, inputs) => word(place, `${w(inputs, 0)}^${w(inputs, 1)}`),
  [OP.NOT]: (place, inputs) => word(place, `WORD_MASK^${w(inputs, 0)}`),
  [OP.BYTE]: helper("byteAt"),
  [OP.SHL]: shiftLeft,
  [OP.SHR]: shiftRight,
  [OP.SAR]: helper("arithmeticShiftRight"),
  [OP.CLZ]: helper("countLeadingZeros"),
};
