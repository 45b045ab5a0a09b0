/**
 * An @ethereumjs Common for a set of execution rules: which EIPs are active under them.
 *
 * Owns: the translation of ExecutionRules. Does not own: what the EIPs mean (fork-rules.ts and the
 * engine), block or timestamp scheduling (a run has one fork).
 */
import {
  Common,
  type CustomCrypto,
  type HardforkTransitionConfig,
  Mainnet,
} from "@ethereumjs/common";
import { HARDFORKS, hardforkPosition } from "../hardforks";
import type { ExecutionRules } from "../transaction";

/** Forks that ethereumjs does not know yet: they only change the blob schedule (EIP-7892). */
const LATER_BLOB_FORKS = ["bpo3", "bpo4", "bpo5"];

/** Forks before the merge: proof of work (EIP-3675). */
const FIRST_PROOF_OF_STAKE = hardforkPosition("paris");

/** Throws ParallelError UNSUPPORTED_HARDFORK. */
export function createChainCommon(rules: ExecutionRules, customCrypto: CustomCrypto = {}): Common {
  const position = hardforkPosition(rules.hardfork);
  const hardforks: HardforkTransitionConfig[] = HARDFORKS.slice(0, position + 1).map((name) => ({
    name,
    block: 0,
    timestamp: 0,
  }));
  return new Common({
    chain: {
      ...Mainnet,
      // ethereumjs keeps the chain id as a number; CHAINID is answered from the rules, exactly
      chainId: Number(rules.chainId),
      hardforks,
      customHardforks: Object.fromEntries(LATER_BLOB_FORKS.map((name) => [name, { eips: [] }])),
      defaultHardfork: rules.hardfork,
      consensus:
        position < FIRST_PROOF_OF_STAKE
          ? { type: "pow", algorithm: "ethash" }
          : { type: "pos", algorithm: "casper" },
    },
    hardfork: rules.hardfork,
    eips: [...(rules.eips ?? [])],
    customCrypto,
  });
}
