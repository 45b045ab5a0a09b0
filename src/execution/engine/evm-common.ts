/**
 * The Common of one EVM instance: our cryptography, and answers from tables instead of searches
 * (ethereumjs asks isActivatedEIP and param several times per opcode).
 *
 * Owns: speed and exactness of the answers. Does not own: the answers (@ethereumjs/common).
 */
import { createHash } from "node:crypto";
import type { Common, CustomCrypto } from "@ethereumjs/common";
import { keccak256 } from "../../crypto/keccak256";
import { recoverPublicKey } from "../../crypto/secp256k1";
import { bytesToBigInt } from "../../state/bytes";
import type { ExecutionRules } from "../transaction";
import { createChainCommon } from "./chain-common";
import { lazyKzg } from "./kzg";

const CRYPTO: CustomCrypto = {
  keccak256,
  sha256: (message) => createHash("sha256").update(message).digest(),
  ecrecover: (hash, v, r, s) =>
    recoverPublicKey(hash, bytesToBigInt(r), bytesToBigInt(s), v === 28n ? 1 : 0),
  kzg: lazyKzg,
};

/** EIP numbers above it are looked up the slow way. */
const EIP_TABLE_SIZE = 10_000;

export function createEvmCommon(rules: ExecutionRules): Common {
  return createChainCommon(rules, CRYPTO);
}

/** Puts the tables in place; called once the EVM has loaded its parameters into the Common. */
export function tabulate(common: Common, rules: ExecutionRules): void {
  const isActivated = common.isActivatedEIP.bind(common);
  const active = new Uint8Array(EIP_TABLE_SIZE);
  for (const eip of common.eips()) {
    active[eip] = 1;
  }
  for (let eip = 0; eip < EIP_TABLE_SIZE; eip++) {
    active[eip] = isActivated(eip) ? 1 : 0;
  }
  common.isActivatedEIP = (eip) => (eip < EIP_TABLE_SIZE ? active[eip] === 1 : isActivated(eip));

  const gte = common.gteHardfork.bind(common);
  const atLeast = new Map<string, boolean>();
  common.gteHardfork = (hardfork) => {
    let known = atLeast.get(hardfork);
    if (known === undefined) {
      known = gte(hardfork);
      atLeast.set(hardfork, known);
    }
    return known;
  };

  const param = common.param.bind(common);
  const params = new Map<string, bigint>();
  common.param = (name) => {
    let known = params.get(name);
    if (known === undefined) {
      known = param(name);
      params.set(name, known);
    }
    return known;
  };

  const consensusType = common.consensusType();
  common.consensusType = () => consensusType;
  const consensusAlgorithm = common.consensusAlgorithm();
  common.consensusAlgorithm = () => consensusAlgorithm;
  common.chainId = () => rules.chainId;
}
