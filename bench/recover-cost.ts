/**
 * What ECRECOVER costs with each implementation of secp256k1: the native one is used where it loads, and the
 * others where it does not, so all are in the table.
 */
import { createSecp256k1 } from "../src/crypto/secp256k1";
import { loadNativeBackend } from "../src/crypto/secp256k1-native";
import { loadNobleBackend } from "../src/crypto/secp256k1-noble";
import { loadWasmBackend } from "../src/crypto/secp256k1-wasm";

/** gas (yellow paper, appendix E.1) */
const GAS = 3000;
const CALLS = 200;

export interface RecoverCost {
  readonly name: string;
  /** CPU time */
  readonly nsPerGas: number;
}

/** The best of the rounds, which take turns. */
export function recoverCosts(rounds: number): readonly RecoverCost[] {
  const hash = new Uint8Array(32).fill(1);
  const costs = [loadNativeBackend(), loadWasmBackend(), loadNobleBackend()]
    .filter((backend) => backend !== null)
    .map(createSecp256k1)
    .map((secp256k1) => {
      const { r, s, yParity } = secp256k1.sign(hash, new Uint8Array(32).fill(2));
      const recover = (): string => secp256k1.recoverAddress(hash, r, s, yParity);
      return { name: secp256k1.backendName, recover, best: Number.POSITIVE_INFINITY };
    });
  for (let round = -1; round < rounds; round++) {
    for (const cost of costs) {
      const cpu = process.cpuUsage();
      for (let call = 0; call < CALLS; call++) {
        cost.recover();
      }
      const { user, system } = process.cpuUsage(cpu);
      if (round >= 0) {
        cost.best = Math.min(cost.best, user + system);
      }
    }
  }
  return costs.map(({ name, best }) => ({ name, nsPerGas: (best * 1000) / CALLS / GAS }));
}
