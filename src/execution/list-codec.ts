/**
 * Operations on a block-level access list as bytes, from the worker thread that recorded them to the calling
 * thread.
 *
 * Owns: the encoding (lives for one block, has no version).
 */
import {
  ADDRESS_LENGTH,
  decodeList,
  decodeOptional,
  encodeList,
  encodeOptional,
} from "../access-log/access-codec";
import { type ByteReader, type ByteWriter, DecodeError } from "../access-log/bytes";
import type { ListOperation } from "./list-operations";

/** The number of a kind is its index. */
const KINDS = [
  "checkpoint",
  "commit",
  "revert",
  "account",
  "read",
  "write",
  "balance",
  "nonce",
  "code",
  "cleared",
] as const satisfies readonly ListOperation["kind"][];

export function encodeOperations(writer: ByteWriter, operations: readonly ListOperation[]): void {
  encodeList(writer, operations, encodeOperation);
}

/** Throws DecodeError. */
export function decodeOperations(reader: ByteReader): readonly ListOperation[] {
  return decodeList(reader, decodeOperation);
}

function encodeOperation(writer: ByteWriter, operation: ListOperation): void {
  writer.u8(KINDS.indexOf(operation.kind));
  if ("address" in operation) {
    writer.fixedHex(operation.address, ADDRESS_LENGTH);
  }
  switch (operation.kind) {
    case "read":
      writer.uint(operation.slot);
      break;
    case "write":
      writer.uint(operation.slot);
      writer.uint(operation.value);
      writer.uint(operation.original);
      break;
    case "balance":
      writer.int(operation.delta);
      break;
    case "nonce":
      writer.uint(operation.value);
      break;
    case "code":
      writer.lengthPrefixed(operation.code);
      encodeOptional(writer, operation.before ?? undefined, (out, code) =>
        out.lengthPrefixed(code),
      );
  }
}

function decodeOperation(reader: ByteReader): ListOperation {
  const kind = KINDS[reader.u8()];
  switch (kind) {
    case undefined:
      throw new DecodeError("unknown kind of operation on an access list", reader.offset - 1);
    case "checkpoint":
    case "commit":
    case "revert":
      return { kind };
  }
  const address = reader.fixedHex(ADDRESS_LENGTH);
  switch (kind) {
    case "account":
    case "cleared":
      return { kind, address };
    case "read":
      return { kind, address, slot: reader.uint() };
    case "write":
      return { kind, address, slot: reader.uint(), value: reader.uint(), original: reader.uint() };
    case "balance":
      return { kind, address, delta: reader.int() };
    case "nonce":
      return { kind, address, value: reader.uint() };
    case "code": {
      const code = reader.lengthPrefixed();
      const before = decodeOptional(reader, (input) => input.lengthPrefixed()) ?? null;
      return { kind, address, code, before };
    }
  }
}
