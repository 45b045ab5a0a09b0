/** A proof (EIP-1186) as the fork's remote gives it. */
import type { AccountProof } from "../../state/state-store";
import type { Answer } from "./answer-reader";

export function readProof(answer: Answer): AccountProof {
  return {
    accountProof: nodes(answer.field("accountProof")),
    storageHash: answer.field("storageHash").hash(),
    storageProof: answer
      .field("storageProof")
      .list()
      .map((entry) => ({
        slot: entry.field("key").quantity(),
        value: entry.field("value").quantity(),
        proof: nodes(entry.field("proof")),
      })),
  };
}

function nodes(answer: Answer): `0x${string}`[] {
  return answer.list().map((node) => node.bytes());
}
