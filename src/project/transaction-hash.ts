/** Which transaction is meant by what libraries give for one. */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";
import type { Hash } from "../state/hex";

/**
 * A transaction: its hash (viem, JSON-RPC), a response (ethers: `hash`), a receipt (ethers: `hash`; viem,
 * JSON-RPC: `transactionHash`).
 */
export type TransactionLike =
  | string
  | { readonly hash: string }
  | { readonly transactionHash: string };

const HASH = /^0x[0-9a-fA-F]{64}$/;

/** @throws ParallelError NOT_A_TRANSACTION */
export function transactionHash(value: unknown): Hash {
  const hash = typeof value === "object" && value !== null ? hashOf(value) : value;
  if (typeof hash !== "string" || !HASH.test(hash)) {
    throw new ParallelError(ERRORS.NOT_A_TRANSACTION, { actual: shown(value) });
  }
  return hash.toLowerCase() as Hash; // the pattern's form
}

function hashOf(value: object): unknown {
  return "transactionHash" in value ? value.transactionHash : "hash" in value ? value.hash : value;
}

function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.slice(0, 80));
  }
  return typeof value === "object" && value !== null
    ? `an object with ${Object.keys(value).slice(0, 5).join(", ") || "no keys"}`
    : String(value);
}
