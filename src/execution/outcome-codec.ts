/**
 * Results of executions as bytes, from the worker thread that made them to the calling thread.
 *
 * Owns: the encoding (lives for one block, has no version). Does not own: which results are final.
 * Field by field: an outcome read back equals the one written (the access log depends on it).
 */
import {
  ADDRESS_LENGTH,
  decodeList,
  decodeOptional,
  decodeRead,
  decodeWrite,
  encodeList,
  encodeOptional,
  encodeRead,
  encodeWrite,
  HASH_LENGTH,
} from "../access-log/access-codec";
import type { ByteReader, ByteWriter } from "../access-log/bytes";
import { decodeTrace, encodeTrace } from "../access-log/trace-codec";
import type { Hash } from "../state/hex";
import type { EncodedLogs } from "./encoded-logs";
import { decodeOperations, encodeOperations } from "./list-codec";
import {
  completeOutcome,
  encodedLogs,
  type Halt,
  type OutcomeResult,
  type TransactionOutcome,
  withEncodedLogs,
} from "./outcome";

/** Everything; operations on the block's access list are in no shorter form. */
export function encodeOutcome(writer: ByteWriter, outcome: TransactionOutcome): void {
  encodeResult(writer, outcome);
  encodeLogs(writer, encodedLogs(outcome));
  encodeList(writer, outcome.reads, encodeRead);
  encodeList(writer, outcome.writes.writes, encodeWrite);
  encodeList(writer, [...outcome.writes.codes], (out, [hash, code]) => {
    out.fixedHex(hash, HASH_LENGTH);
    out.lengthPrefixed(code);
  });
  encodeTrace(writer, outcome.trace);
  encodeOptional(writer, outcome.listOperations, encodeOperations);
}

export function decodeOutcome(reader: ByteReader): TransactionOutcome {
  const result = decodeResult(reader);
  const logs = decodeLogs(reader);
  const sets = {
    reads: decodeList(reader, decodeRead),
    writes: {
      writes: decodeList(reader, decodeWrite),
      codes: new Map(decodeList(reader, decodeCode)),
    },
    trace: decodeTrace(reader),
  };
  const listOperations = decodeOptional(reader, decodeOperations);
  return withEncodedLogs(
    listOperations === undefined ? result : { ...result, listOperations },
    logs,
    sets,
  );
}

/** All but logs, access sets and trace. */
export function encodeResult(writer: ByteWriter, outcome: OutcomeResult): void {
  writer.u8(outcome.status);
  encodeOptional(writer, outcome.halt, encodeHalt);
  writer.uint(outcome.gasUsed);
  writer.uint(outcome.gasBeforeRefund);
  writer.uint(outcome.intrinsicGas);
  writer.uint(outcome.blobGasUsed);
  writer.uint(outcome.effectiveGasPrice);
  writer.lengthPrefixed(outcome.returnData);
  encodeOptional(writer, outcome.createdAddress ?? undefined, (out, address) =>
    out.fixedHex(address, ADDRESS_LENGTH),
  );
  encodeOptional(writer, outcome.consoleLogs, (out, logs) =>
    encodeList(out, logs, (each, data) => each.lengthPrefixed(data)),
  );
  encodeOptional(writer, outcome.blockGas, (out, { regular, state }) => {
    out.uint(regular);
    out.uint(state);
  });
}

export function decodeResult(reader: ByteReader): OutcomeResult {
  const status = reader.bool() ? 1 : 0;
  const halt = decodeOptional(reader, decodeHalt);
  const fields: Omit<OutcomeResult, "halt" | "consoleLogs" | "blockGas" | "listOperations"> = {
    status,
    gasUsed: reader.uint(),
    gasBeforeRefund: reader.uint(),
    intrinsicGas: reader.uint(),
    blobGasUsed: reader.uint(),
    effectiveGasPrice: reader.uint(),
    returnData: reader.lengthPrefixed(),
    createdAddress: decodeOptional(reader, (input) => input.fixedHex(ADDRESS_LENGTH)) ?? null,
  };
  const consoleLogs = decodeOptional(reader, (input) =>
    decodeList(input, (each) => each.lengthPrefixed()),
  );
  const blockGas = decodeOptional(reader, (input) => ({
    regular: input.uint(),
    state: input.uint(),
  }));
  return completeOutcome(fields, halt, consoleLogs, blockGas, undefined);
}

function encodeHalt(writer: ByteWriter, halt: Halt): void {
  writer.bool(halt.kind === "revert");
  writer.text(halt.reason);
}

function decodeHalt(reader: ByteReader): Halt {
  return { kind: reader.bool() ? "revert" : "halt", reason: reader.text() };
}

function encodeLogs(writer: ByteWriter, { count, list }: EncodedLogs): void {
  writer.varint(count);
  writer.lengthPrefixed(list);
}

function decodeLogs(reader: ByteReader): EncodedLogs {
  return { count: reader.varint(), list: reader.lengthPrefixed() };
}

function decodeCode(reader: ByteReader): [Hash, Uint8Array] {
  return [reader.fixedHex(HASH_LENGTH), reader.lengthPrefixed()];
}
