/**
 * A remote with a vault, seen through a proxy, and blocks of calls of it on networks that fork the remote.
 * Used by tests, which count what is asked, and by bench/fork.ts, which takes the time.
 */
import { createLocalChain } from "../../../src/chain/local-chain";
import { createEngine } from "../../../src/execution/engine/engine-choice";
import { DEFAULT_ENGINE } from "../../../src/execution/engine/engine-name";
import { SequentialExecutor } from "../../../src/execution/sequential-executor";
import type { ParallelNetworkOptions } from "../../../src/network";
import { RpcNetwork } from "../../../src/rpc/rpc-network";
import { Anvil } from "./anvil";
import { type DeepVault, deployDeepVault, user } from "./deep-vault";
import { RemoteProxy } from "./slow-proxy";

export interface Requests {
  request(request: {
    readonly method: string;
    readonly params?: readonly unknown[];
  }): Promise<unknown>;
  close(): Promise<void>;
}

export class VaultRemote {
  readonly anvil: Anvil;
  readonly proxy: RemoteProxy;
  readonly vault: DeepVault;

  private constructor(anvil: Anvil, proxy: RemoteProxy, vault: DeepVault) {
    this.anvil = anvil;
    this.proxy = proxy;
    this.vault = vault;
  }

  /** @param anvil stopped with it; default: a new one */
  static async start(anvil?: Anvil): Promise<VaultRemote> {
    const remote = anvil ?? (await Anvil.start());
    const vault = await deployDeepVault(remote);
    return new VaultRemote(remote, await RemoteProxy.start(remote.url), vault);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.anvil.stop();
  }

  /** Mines what was sent, the remote `latency` ms away: the ms, and how often the chain waited. */
  async mine(network: Requests, latency: number): Promise<{ time: number; waves: number }> {
    this.proxy.forget();
    this.proxy.latency = latency;
    const started = performance.now();
    await network.request({ method: "evm_mine" });
    const time = performance.now() - started;
    this.proxy.latency = 0;
    return { time, waves: this.proxy.waves };
  }
}

/** Makes the user able to send. */
export async function enable(network: Requests, n: number): Promise<void> {
  const params = [user(n)];
  await network.request({ method: "hardhat_impersonateAccount", params });
  await network.request({
    method: "hardhat_setBalance",
    params: [...params, "0xde0b6b3a7640000"],
  });
}

/** A network whose blocks run one transaction after the other, each loading what it misses. */
export function oneByOne(options: ParallelNetworkOptions): Promise<RpcNetwork> {
  const engine = createEngine(DEFAULT_ENGINE);
  return RpcNetwork.create(
    () =>
      createLocalChain({
        config: options.chain,
        executor: new SequentialExecutor(engine),
        engine,
        trace: false,
      }),
    options,
  );
}
