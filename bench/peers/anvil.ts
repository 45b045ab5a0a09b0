/** anvil (npm @foundry-rs/anvil: revm, native), over HTTP on the loopback interface: it offers nothing closer. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { type BenchPlan, CHAIN_ID, COINBASE, GENESIS_TIMESTAMP } from "../workload";
import type { Peer } from "./peer";
import { createRpcPeer } from "./rpc-peer";

/** The executable in the platform's own package (the wrapper would leave it running when killed). */
function anvilBinary(): string {
  const platform = process.platform;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const suffix = platform === "win32" ? ".exe" : "";
  return require.resolve(`@foundry-rs/anvil-${platform}-${architecture}/bin/anvil${suffix}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("no free port");
  }
  return address.port;
}

/** ms of CPU of all threads of a process by the kernel's scheduler; null where there is no /proc. */
function cpuOf(pid: number): number | null {
  const tasks = `/proc/${pid}/task`;
  try {
    const nanoseconds = readdirSync(tasks).map((thread) =>
      Number(readFileSync(`${tasks}/${thread}/schedstat`, "utf8").split(" ")[0]),
    );
    return nanoseconds.reduce((sum, own) => sum + own, 0) / 1e6;
  } catch {
    return null; // not Linux, or a thread ended meanwhile: the table shows a dash
  }
}

export async function createAnvilPeer(name: string, plan: BenchPlan): Promise<Peer> {
  const port = await freePort();
  const child = spawn(
    anvilBinary(),
    [
      ...["--port", String(port), "--chain-id", String(CHAIN_ID), "--no-mining", "--quiet"],
      ...["--gas-limit", String(plan.blockGasLimit), "--timestamp", String(GENESIS_TIMESTAMP)],
      ...["--hardfork", "osaka", "--order", "fifo", "--base-fee", "1000000000"],
      ...["--accounts", "1"],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  process.once("exit", () => child.kill());
  const url = `http://127.0.0.1:${port}`;
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
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await request("web3_clientVersion");
      break;
    } catch (error) {
      if (Date.now() > deadline || child.exitCode !== null) {
        throw new Error("anvil did not start within 30 s", { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await request("hardhat_setCoinbase", [COINBASE]);
  const { pid } = child;
  return createRpcPeer(name, plan, request, {
    cpu: () => (pid === undefined ? null : cpuOf(pid)),
    close: async () => {
      child.kill();
      await once(child, "exit");
    },
  });
}
