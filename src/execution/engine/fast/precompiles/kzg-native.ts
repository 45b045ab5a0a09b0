/**
 * Verifies KZG proofs by rust-eth-kzg, the native addon of `@crate-crypto/node-eth-kzg`: a proof takes a quarter of
 * mcl's time, but loading takes seconds of CPU in each thread (kzg-choice.ts says when that pays).
 *
 * An optional dependency. Its types are written out here, so that the project compiles without it.
 */
import { InvariantError } from "../../../../errors/base-error";
import type { KzgVerifier } from "./point-evaluation";

const PACKAGE = "@crate-crypto/node-eth-kzg";

/** What is used of the package. */
interface Library {
  readonly DasContextJs: {
    /** Decodes and checks all points of the trusted setup: this is what takes the time. */
    create(options: { readonly usePrecomp: boolean }): {
      /** Throws an Error with code GenericFailure for what is no point or no scalar. */
      verifyKzgProof(
        commitment: Uint8Array,
        z: Uint8Array,
        y: Uint8Array,
        proof: Uint8Array,
      ): boolean;
    };
  };
}

/**
 * The verifier, or null where the package or its binary for this platform is not installed or cannot be loaded.
 * Stands still for some two seconds of CPU. Throws InvariantError for anything else that goes wrong.
 */
export function loadNativeKzg(): KzgVerifier | null {
  const library = loadLibrary();
  if (library === null) {
    return null;
  }
  // The tables of usePrecomp are for making proofs, not for verifying them.
  const context = unexpectedAsInvariant(() => library.DasContextJs.create({ usePrecomp: false }));
  return {
    verifies: (commitment, z, y, proof) =>
      unexpectedAsInvariant(() => context.verifyKzgProof(commitment, z, y, proof)),
  };
}

function loadLibrary(): Library | null {
  try {
    // The cast names what `require` of exactly this package returns; require itself is untyped.
    return require("@crate-crypto/node-eth-kzg") as Library;
  } catch (error) {
    if (error instanceof Error && isAbsence(error)) {
      return null;
    }
    throw broken(error);
  }
}

/** The package, its binary for this platform, or what the binary needs, is not there. */
export function isAbsence(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  switch (code) {
    case "MODULE_NOT_FOUND":
      // The platforms' packages are named after it.
      return error.message.startsWith(`Cannot find module '${PACKAGE}`);
    case "ERR_DLOPEN_FAILED": // another libc or processor
    case "ERR_DLOPEN_DISABLED": // node --no-addons
      return true;
    default:
      // What the package itself throws on platforms that it does not know.
      return /^(Unsupported (OS|architecture)\b|Failed to load native binding$)/.test(
        error.message,
      );
  }
}

/** What is no point or no scalar stays an error of the input; anything else must not be taken for one. */
function unexpectedAsInvariant<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && REFUSAL.test(error.message)) {
      throw new RangeError("not a point of the curve or of its subgroup, or not a scalar");
    }
    throw broken(error);
  }
}

const REFUSAL = /^failed to compute verify_kzg_proof: EIP4844\(Serialization\(/;

function broken(error: unknown): InvariantError {
  return new InvariantError(`${PACKAGE} fails: ${error}`);
}
