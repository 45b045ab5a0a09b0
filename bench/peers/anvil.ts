/** anvil (npm @foundry-rs/anvil: revm, native), over HTTP on the loopback interface. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  BALANCE_WEI,
  type BenchPlan,
  BLOCK_GAS_LIMIT,
  CHAIN_ID,
  GENESIS_TIMESTAMP,
} from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

const PORT = 18_545;

/** The executable in the platform's own package (the wrapper would leave it running when killed). */
function anvilBinary(): string {
  const platform = process.platform;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const suffix = platform === "win32" ? ".exe" : "";
  return require.resolve(`@foundry-rs/anvil-${platform}-${architecture}/bin/anvil${suffix}`);
}

export async function createAnvilPeer(plan: BenchPlan): Promise<Peer> {
  const child = spawn(
    anvilBinary(),
    [
      ...["--port", String(PORT), "--chain-id", String(CHAIN_ID), "--no-mining", "--quiet"],
      ...["--gas-limit", String(BLOCK_GAS_LIMIT), "--timestamp", String(GENESIS_TIMESTAMP)],
      ...["--hardfork", "osaka", "--order", "fifo", "--base-fee", "1000000000"],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const url = `http://127.0.0.1:${PORT}`;
  let id = 0;
  const request = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    id += 1;
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
    });
    const body = (await response.json()) as { result?: unknown; error?: { message: string } }; // JSON-RPC 2.0
    if (body.error !== undefined) {
      throw new Error(`anvil ${method}: ${body.error.message}`);
    }
    return body.result;
  };
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      await request("web3_clientVersion");
      break;
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) {
        throw new Error("anvil did not start within 15 s", { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const { Wallet } = await import("ethers");
  for (const key of plan.privateKeys) {
    await request("anvil_setBalance", [new Wallet(key).address, `0x${BALANCE_WEI.toString(16)}`]);
  }
  return createRpcPeer("anvil", plan, request, {
    cpu: false,
    close: async () => {
      child.kill();
      await once(child, "exit");
    },
  });
}
