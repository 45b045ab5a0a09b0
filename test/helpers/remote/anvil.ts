/** A local anvil as the remote of forks: a node of another kind, over HTTP on the loopback interface. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** How long anvil may take to answer its first request, ms; only a dead one takes as long. */
const START_TIMEOUT = 30_000;

export class Anvil {
  readonly url: string;
  readonly #child: ChildProcess;
  #id = 0;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Blocks are mined by request only, and begin at a fixed time. */
  static async start(...flags: readonly string[]): Promise<Anvil> {
    const child = spawn(
      binary(),
      ["--port", "0", "--no-mining", "--timestamp", "1600000000", "--hardfork", "prague", ...flags],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const anvil = new Anvil(`http://${await listeningAddress(child)}`, child);
    await anvil.request("web3_clientVersion");
    return anvil;
  }

  /** Throws with the remote's own message. */
  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    this.#id += 1;
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: this.#id, method, params }),
    });
    // JSON-RPC 2.0
    const body = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (body.error !== undefined) {
      throw new Error(`anvil ${method}: ${body.error.message}`);
    }
    return body.result;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const exited = once(this.#child, "exit");
      this.#child.kill();
      await exited;
    }
  }
}

/** The executable in the platform's own package (the wrapper would leave it running when killed). */
function binary(): string {
  const platform = process.platform;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const suffix = platform === "win32" ? ".exe" : "";
  return require.resolve(`@foundry-rs/anvil-${platform}-${architecture}/bin/anvil${suffix}`);
}

/** Waits for the line "Listening on 127.0.0.1:port". */
function listeningAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timeout = setTimeout(() => reject(new Error(`anvil: ${printed}`)), START_TIMEOUT);
    child.once("exit", () => reject(new Error(`anvil ended: ${printed}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /Listening on (\S+)/.exec(printed)?.[1];
      if (found !== undefined) {
        clearTimeout(timeout);
        resolve(found);
      }
    });
  });
}
