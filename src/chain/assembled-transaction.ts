/**
 * A transaction that is put together here: its encoding is made once, and what can be read from that is.
 *
 * Owns: the form in which transactions wait and stay in the chain, which has many: few objects each. Does
 * not own: encoding, signatures (transaction-codec.ts).
 */
import { RLP } from "@ethereumjs/rlp";
import type { TransactionInput } from "../execution/transaction";
import { bytesToBigInt } from "../state/bytes";
import type { ChainTransaction } from "./chain";
import type { UnsignedTransaction } from "./transaction-fields";

type Signature = ChainTransaction["signature"];

export class AssembledTransaction implements ChainTransaction {
  readonly input: TransactionInput;
  declare readonly chainId?: bigint;
  readonly raw: Uint8Array;
  readonly signedAuthorizations: ChainTransaction["signedAuthorizations"];
  readonly #shown: Signature | null;

  /**
   * @param chainId null = without EIP-155
   * @param raw as in EIP-2718
   * @param shown null = the signature that the encoding has
   */
  constructor(
    input: TransactionInput,
    chainId: bigint | null,
    raw: Uint8Array,
    signedAuthorizations: ChainTransaction["signedAuthorizations"],
    shown: Signature | null,
  ) {
    this.input = input;
    if (chainId !== null) {
      this.chainId = chainId;
    }
    this.raw = raw;
    this.signedAuthorizations = signedAuthorizations;
    this.#shown = shown;
  }

  get accessList(): ChainTransaction["accessList"] {
    return this.input.accessList;
  }

  get signature(): Signature {
    return this.#shown ?? this.#encodedSignature();
  }

  #encodedSignature(): Signature {
    const { input, raw, chainId } = this;
    // what `assemble` encoded: a list that ends with three numbers
    const items = RLP.decode(input.type === 0 ? raw : raw.subarray(1)) as Uint8Array[];
    const [v = 0n, r = 0n, s = 0n] = items.slice(-3).map((item) => bytesToBigInt(item));
    return {
      r,
      s,
      v,
      yParity: v === shownV({ type: input.type, chainId: chainId ?? null }, 0) ? 0 : 1,
    };
  }
}

// Fields to whoever compares transactions field by field.
for (const name of ["accessList", "signature"] as const satisfies (keyof ChainTransaction)[]) {
  Object.defineProperty(AssembledTransaction.prototype, name, { enumerable: true });
}

/** v of a signature as shown: 27/28 or by EIP-155 for legacy transactions, else the parity. */
export function shownV(
  { type, chainId }: Pick<UnsignedTransaction, "type" | "chainId">,
  yParity: 0 | 1,
): bigint {
  if (type !== 0) {
    return BigInt(yParity);
  }
  return BigInt(yParity) + (chainId === null ? 27n : chainId * 2n + 35n);
}
