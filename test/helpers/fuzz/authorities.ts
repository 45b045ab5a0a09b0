/** Accounts with keys, and the authorizations that they sign: valid ones and all kinds of others. */
import { eoaCode7702SignAuthorization } from "@ethereumjs/util";
import type { SignedAuthorization } from "../../../src/chain/transaction-fields";
import { addressOf } from "../../../src/crypto/secp256k1";
import { bigIntToMinimalBytes, bytesToBigInt, hexToBytes } from "../../../src/state/bytes";
import type { Address } from "../../../src/state/hex";
import { SENDER_KEYS, SENDERS } from "../reference-transaction";
import type { Random } from "./random";

/** Accounts that authorize and send nothing. */
const SILENT_KEYS: readonly Uint8Array[] = [0x21, 0x22, 0x23, 0x24, 0x25].map((fill) =>
  new Uint8Array(32).fill(fill),
);
export const SILENT: readonly Address[] = SILENT_KEYS.map(addressOf);

const KEYS: ReadonlyMap<Address, Uint8Array> = new Map(
  [...SENDER_KEYS, ...SILENT_KEYS].map((key): [Address, Uint8Array] => [addressOf(key), key]),
);
export const AUTHORITIES: readonly Address[] = [...SILENT, ...SILENT, ...SENDERS];

export const ZERO_ADDRESS: Address = `0x${"00".repeat(20)}`;
const CHAIN_ID = 1n;
const LAST_NONCE = 2n ** 64n - 1n;
/** of secp256k1 (SEC 2) */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** What is wrong with a signature. */
type Flaw = "upper half" | "parity" | "no point" | "no number" | "another message";
const FLAWS: readonly Flaw[] = ["upper half", "parity", "no point", "no number", "another message"];

export interface AuthorizationDraft {
  readonly authority: Address;
  readonly target: Address;
  readonly chainId: bigint;
  /** the nonce that makes it valid plus this, or one that never is valid */
  readonly nonce: { readonly offset: bigint } | { readonly exactly: bigint };
  readonly flaw: Flaw | null;
}

/** Mostly valid. @param targets what accounts are delegated to */
export function randomAuthorizations(
  random: Random,
  targets: readonly Address[],
): readonly AuthorizationDraft[] {
  const drafts: AuthorizationDraft[] = [];
  for (let left = 1 + random.below(random.once(3) ? 6 : 2); left > 0; left--) {
    const before = drafts.at(-1);
    if (before !== undefined && random.once(3)) {
      // again: the same one, or a change of mind
      drafts.push(random.once(2) ? before : { ...before, target: targetOf(random, targets) });
      continue;
    }
    drafts.push({
      authority: random.pick(AUTHORITIES),
      target: targetOf(random, targets),
      chainId: random.once(8)
        ? random.pick([2n, 0x100n, 2n ** 64n, 2n ** 256n - 1n])
        : random.pick([0n, CHAIN_ID]),
      nonce: nonceOf(random),
      flaw: random.once(8) ? random.pick(FLAWS) : null,
    });
  }
  return drafts;
}

function targetOf(random: Random, targets: readonly Address[]): Address {
  return random.once(6)
    ? ZERO_ADDRESS
    : random.once(4)
      ? random.pick(AUTHORITIES)
      : random.pick(targets);
}

function nonceOf(random: Random): AuthorizationDraft["nonce"] {
  if (random.once(20)) {
    return { exactly: random.pick([LAST_NONCE, LAST_NONCE - 1n, 0n]) };
  }
  return { offset: random.once(8) ? random.pick([1n, -1n, 2n]) : 0n };
}

/**
 * The authorizations, signed.
 * @param nonceOf of an account as the list finds it: the sender's is one higher already
 */
export function signAuthorizations(
  drafts: readonly AuthorizationDraft[],
  nonceOf: (authority: Address) => bigint,
): SignedAuthorization[] {
  const nonces = new Map<Address, bigint>();
  let last: { readonly draft: AuthorizationDraft; readonly signed: SignedAuthorization } | null =
    null;
  return drafts.map((draft) => {
    if (last?.draft === draft) {
      return last.signed; // a duplicate, whose nonce is used up
    }
    const { authority, chainId, flaw, nonce } = draft;
    const expected = nonces.get(authority) ?? nonceOf(authority);
    const given = "exactly" in nonce ? nonce.exactly : expected + nonce.offset;
    const signed = signOne(draft, given < 0n ? 0n : given > LAST_NONCE ? LAST_NONCE : given);
    if (signed.nonce === expected && flaw === null && chainId <= CHAIN_ID) {
      nonces.set(authority, expected + 1n);
    }
    last = { draft, signed };
    return signed;
  });
}

function signOne(
  { authority, target, chainId, flaw }: AuthorizationDraft,
  nonce: bigint,
): SignedAuthorization {
  const key = KEYS.get(authority);
  if (key === undefined) {
    throw new Error(`expected an account with a key, got ${authority}`);
  }
  const signedNonce = flaw === "another message" ? nonce ^ 1n : nonce;
  const [, , , yParity, r, s] = eoaCode7702SignAuthorization(
    [bigIntToMinimalBytes(chainId), hexToBytes(target), bigIntToMinimalBytes(signedNonce)],
    key,
  ).map((item) => bytesToBigInt(item)) as [bigint, bigint, bigint, bigint, bigint, bigint]; // six fields
  return { chainId, address: target, nonce, ...flawed({ yParity, r, s }, flaw) };
}

type Signature = Pick<SignedAuthorization, "yParity" | "r" | "s">;

function flawed({ yParity, r, s }: Signature, flaw: Flaw | null): Signature {
  switch (flaw) {
    case "upper half":
      return { yParity: 1n - yParity, r, s: ORDER - s };
    case "parity":
      return { yParity: yParity + 2n, r, s };
    case "no point":
      return { yParity, r: 5n, s }; // 5^3 + 7 is no square
    case "no number":
      return { yParity, r: 0n, s };
    default:
      return { yParity, r, s };
  }
}
