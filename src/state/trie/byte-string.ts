/**
 * Byte strings: bytes as a JavaScript string of code units 0 to 255.
 *
 * Owns: conversion. A trie of a million leaves holds millions of keys, values and hashes; as a
 * one-byte string 32 bytes take 48 bytes of memory and nothing beside, as a Uint8Array about 200.
 * Byte strings compare with `===` and sort with `<` in byte order.
 */
import { keccak256 } from "../../crypto/keccak256";
import { bytesToHex } from "../bytes";
import type { Hex } from "../hex";

export type ByteString = string;

const hashScratch = Buffer.alloc(32);

export function toByteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function fromByteString(text: ByteString): Uint8Array {
  return Buffer.from(text, "latin1");
}

export function byteStringToHex(text: ByteString): Hex {
  return bytesToHex(fromByteString(text));
}

export function keccak256ByteString(bytes: Uint8Array): ByteString {
  hashScratch.set(keccak256(bytes));
  return hashScratch.toString("latin1");
}
