/**
 * The function that a call frame runs: the contract by its code, the function by the selector among
 * that contract's own (overloads have selectors of their own, so names are full signatures).
 *
 * A proxy's frame that only passes its calldata on by DELEGATECALL is the function it passes it to
 * (the rule by which EDR finds proxies). Nothing is looked up by selector alone.
 *
 * Owns: these rules. Does not own: what code is (known-code.ts).
 */
import type { Frame } from "../../access-log/block-record";
import { EMPTY_CODE_HASH } from "../../state/hex";
import type { ContractMetadata } from "../contract-metadata";
import type { FunctionName } from "../slot-name";
import type { KnownCode } from "./known-code";

/** Signature of a frame that ran no code: a transfer to an account or a precompile. */
export const NO_CODE = "(no code)";

/** Signature of a call that the contract has no function, receive or fallback for: it reverts. */
export const NO_FUNCTION = "(no function)";

export function functionName(
  frame: Frame,
  frames: readonly Frame[] | undefined,
  known: KnownCode,
): FunctionName {
  if (frame.kind !== "create" && frame.kind !== "create2" && frame.codeHash === EMPTY_CODE_HASH) {
    return { contract: frame.codeAddress, signature: NO_CODE, resolved: true };
  }
  const contracts = known.contracts(frame.codeHash);
  const contract = [...new Set(contracts.map(({ fullyQualifiedName }) => fullyQualifiedName))];
  const own = agreedSignature(frame, contracts);
  if (own === null || own === "fallback" || own === NO_FUNCTION) {
    const target = frames === undefined ? null : forwardedTo(frame, frames);
    if (target !== null) {
      const forwarded = functionName(target, frames, known);
      if (forwarded.resolved) {
        return forwarded;
      }
    }
  }
  return {
    contract: contract.length > 0 ? contract.join(" | ") : frame.codeAddress,
    signature: own ?? unknownSignature(frame),
    resolved: own !== null,
  };
}

/** The frame to which `frame` passed its calldata on its own storage, if there is exactly one. */
function forwardedTo(frame: Frame, frames: readonly Frame[]): Frame | null {
  const index = frames.indexOf(frame);
  const targets = frames.filter(
    ({ parent, kind, inputLength, input }) =>
      parent === index &&
      kind === "delegatecall" &&
      inputLength === frame.inputLength &&
      input === frame.input,
  );
  const [target, ...others] = targets;
  return index >= 0 && target !== undefined && others.length === 0 ? target : null;
}

function agreedSignature(frame: Frame, contracts: readonly ContractMetadata[]): string | null {
  const [first, ...others] = contracts.map((contract) => signatureIn(frame, contract));
  return first !== undefined && others.every((other) => other === first) ? first : null;
}

/** What a contract runs for the frame's calldata; null if its ABI does not tell (Yul, assembly). */
function signatureIn(frame: Frame, contract: ContractMetadata): string | null {
  if (frame.kind === "create" || frame.kind === "create2") {
    return "constructor";
  }
  if (frame.inputLength === 0 && hasAbiEntry(contract, "receive")) {
    return "receive";
  }
  const selector = frame.inputLength < 4 ? null : frame.input.slice(2, 10);
  for (const [signature, identifier] of Object.entries(contract.methodIdentifiers)) {
    if (identifier === selector) {
      return signature;
    }
  }
  if (hasAbiEntry(contract, "fallback")) {
    return "fallback";
  }
  return contract.abi.length > 0 ? NO_FUNCTION : null;
}

function hasAbiEntry({ abi }: ContractMetadata, type: "receive" | "fallback"): boolean {
  return abi.some(
    (entry) =>
      typeof entry === "object" && entry !== null && "type" in entry && entry.type === type,
  );
}

/** `0x12345678`, fewer digits for shorter calldata. */
function unknownSignature(frame: Frame): string {
  return frame.kind === "create" || frame.kind === "create2"
    ? "constructor"
    : frame.input.slice(0, 10);
}
