/** Opcodes that read or change the state, logs and transient storage. */

import type { Address } from "../../../state/hex";
import { ancestorHash } from "../../ancestor-hash";
import { accountAccessGas, type Context } from "./context";
import type { Frame } from "./frame";
import { OUT_OF_GAS, STATIC_STATE_CHANGE } from "./halt";
import { storageGas } from "./storage-gas";
import { addressOf } from "./words";

/** BLOCKHASH reaches this many blocks back. */
const BLOCK_HASH_WINDOW = 256n;

export function accountBalance(context: Context, frame: Frame, pc: number, item: bigint): bigint {
  const address = addressOf(item);
  frame.charge(accountAccessGas(context, address));
  const { schedule, view } = context;
  view.at(pc);
  // Before EIP-161 the absence of an account is an observation of its own.
  return schedule.spuriousDragon || view.exists(address) ? view.balance(address) : 0n;
}

export function externalCodeSize(context: Context, frame: Frame, pc: number, item: bigint): bigint {
  const address = addressOf(item);
  frame.charge(accountAccessGas(context, address));
  context.view.at(pc);
  return BigInt(context.view.code(address).length);
}

export function copyExternalCode(
  context: Context,
  frame: Frame,
  pc: number,
  item: bigint,
  target: bigint,
  from: bigint,
  length: bigint,
): void {
  const address = addressOf(item);
  const start = frame.activate(target, length);
  frame.charge(accountAccessGas(context, address));
  frame.chargeWords(length, context.schedule.memoryCopyWord);
  context.view.at(pc);
  if (length !== 0n) {
    frame.memory.copyFrom(start, context.view.code(address), from, Number(length));
  }
}

/** EXTCODEHASH (EIP-1052): 0 for an account that does not exist or is empty. */
export function externalCodeHash(context: Context, frame: Frame, pc: number, item: bigint): bigint {
  const address = addressOf(item);
  frame.charge(accountAccessGas(context, address));
  context.view.at(pc);
  if (context.view.isEmpty(address)) {
    return 0n;
  }
  return BigInt(context.view.codeHash(address));
}

export function blockHash(context: Context, number: bigint): bigint {
  const current = context.environment.number;
  if (number >= current || number + BLOCK_HASH_WINDOW < current) {
    return 0n;
  }
  return BigInt(ancestorHash(context.environment, context.view, number) ?? 0n);
}

export function loadStorage(context: Context, frame: Frame, pc: number, slot: bigint): bigint {
  const { schedule, view } = context;
  if (schedule.warmAccess) {
    const cold = context.journal.warmSlot(frame.address, slot);
    frame.charge(cold ? schedule.coldSload : schedule.warmRead);
  }
  view.at(pc);
  return view.storage(frame.address, slot);
}

export function storeStorage(
  context: Context,
  frame: Frame,
  pc: number,
  slot: bigint,
  value: bigint,
): void {
  const { schedule, view, journal } = context;
  if (frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  view.at(pc);
  const current = view.storage(frame.address, slot);
  const original = view.originalStorage(frame.address, slot);
  if (frame.gas <= schedule.storage.sentry && schedule.istanbul) {
    throw OUT_OF_GAS; // EIP-2200: a call stipend never pays for a change of storage
  }
  let gas = storageGas(schedule, journal, original, current, value);
  if (schedule.warmAccess && journal.warmSlot(frame.address, slot)) {
    gas += schedule.coldSload;
  }
  frame.charge(gas);
  view.setStorage(frame.address, slot, value);
}

export function transientLoad(context: Context, frame: Frame, slot: bigint): bigint {
  if (context.tracing) {
    context.view.recordTransient(frame.address, slot);
  }
  return context.journal.transient(frame.address, slot);
}

export function transientStore(context: Context, frame: Frame, slot: bigint, value: bigint): void {
  if (frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  if (context.tracing) {
    context.view.recordTransient(frame.address, slot);
  }
  context.journal.setTransient(frame.address, slot, value);
}

export function log(
  context: Context,
  frame: Frame,
  offset: bigint,
  length: bigint,
  topics: readonly bigint[],
): void {
  if (frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  const { schedule } = context;
  const start = frame.activate(offset, length);
  frame.charge(schedule.logTopic * topics.length + Number(length) * schedule.logByte);
  context.journal.logs.add(frame.address, topics, frame.memory.bytes, start, Number(length));
}

/** SELFDESTRUCT; EIP-6780 leaves accounts of earlier transactions alone but for their balance. */
export function selfDestruct(context: Context, frame: Frame, pc: number, item: bigint): void {
  if (frame.isStatic) {
    throw STATIC_STATE_CHANGE;
  }
  const { schedule, view, journal } = context;
  const { address } = frame;
  const beneficiary = addressOf(item);
  view.at(pc);
  const balance = view.balance(address);
  frame.charge(schedule.selfDestructBase + selfDestructGas(context, beneficiary, balance));
  if (journal.markSelfDestructed(address)) {
    journal.refund += schedule.selfDestructRefund;
  }
  if (beneficiary !== address) {
    journal.touch(beneficiary);
    if (!schedule.spuriousDragon) {
      view.create(beneficiary);
    }
    if (balance > 0n) {
      view.credit(beneficiary, balance);
      view.debit(address, balance);
    }
  } else if (balance > 0n && isRemoved(context, address)) {
    view.debit(address, balance); // burnt
  }
}

/** Whether SELFDESTRUCT removes the account. */
export function isRemoved({ schedule, journal }: Context, address: Address): boolean {
  return !schedule.selfDestructOnlyCreated || journal.created.has(address);
}

function selfDestructGas(context: Context, beneficiary: Address, balance: bigint): number {
  const { schedule, view, journal } = context;
  const makesAccount = schedule.spuriousDragon
    ? balance > 0n && view.isEmpty(beneficiary)
    : schedule.tangerineWhistle && !view.exists(beneficiary);
  const isCold = schedule.warmAccess && journal.warmAddress(beneficiary);
  return (makesAccount ? schedule.newAccount : 0) + (isCold ? schedule.coldAccount : 0);
}
