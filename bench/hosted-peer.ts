/**
 * A peer in a process of its own (host.ts): no other peer's garbage, compiled code or threads are in its
 * time, and all of its process's CPU is its own.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { hardhat3Node } from "./hardhat3/runtime";
import type { HostAnswer, HostRequest, Usage } from "./host";
import type { PeerEntry } from "./peer-list";
import type { Sample } from "./peers/peer";

export class HostedPeer {
  readonly name: string;
  readonly entry: PeerEntry;
  readonly #child: ChildProcess;

  private constructor(entry: PeerEntry, child: ChildProcess) {
    this.name = entry.name;
    this.entry = entry;
    this.#child = child;
  }

  /** What has to be done before the peer can start; null = nothing. */
  static missing(entry: PeerEntry): string | null {
    const node = entry.hardhat3 === true ? hardhat3Node() : null;
    return node !== null && "missing" in node ? node.missing : null;
  }

  /**
   * The peer with the setup mined. `source`: the file of the plan, or the folder of real blocks. Throws
   * what the peer throws, and where Hardhat 3 is not installed.
   */
  static async start(entry: PeerEntry, source: string): Promise<HostedPeer> {
    const node = entry.hardhat3 === true ? hardhat3Node() : { path: process.execPath };
    if ("missing" in node) {
      throw new Error(`${entry.name}: ${node.missing}`);
    }
    const child = fork(join(__dirname, "host.ts"), [entry.id, source], {
      execPath: node.path,
      execArgv: ["-r", join(__dirname, "run-built.cjs")],
      cwd: entry.hardhat3 === true ? join(__dirname, "hardhat3") : process.cwd(),
    });
    const peer = new HostedPeer(entry, child);
    await peer.#answer();
    return peer;
  }

  /** See Peer.run. */
  async run(workload: string, transactions?: number): Promise<Sample> {
    const { sample } = await this.#ask({
      run: workload,
      ...(transactions === undefined ? {} : { transactions }),
    });
    if (sample === undefined) {
      throw new Error(`${this.name}: no sample`);
    }
    return sample;
  }

  /** See Peer.fill. */
  async fill(step: number): Promise<void> {
    await this.#ask({ fill: step });
  }

  async usage(): Promise<Usage> {
    const { usage } = await this.#ask({ usage: true });
    if (usage === undefined) {
      throw new Error(`${this.name}: no usage`);
    }
    return usage;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected) {
      const exit = once(this.#child, "exit");
      await this.#ask({ close: true });
      await exit;
    }
  }

  #ask(request: HostRequest): Promise<Extract<HostAnswer, { readonly ok: true }>> {
    const answer = this.#answer();
    this.#child.send(request);
    return answer;
  }

  /** The next message; throws if it is an error, or if the process ends instead. */
  async #answer(): Promise<Extract<HostAnswer, { readonly ok: true }>> {
    const stop = new AbortController();
    const { signal } = stop;
    try {
      const [answer, killedBy]: readonly [HostAnswer | number | null, string?] = await Promise.race(
        [
          once(this.#child, "message", { signal }) as Promise<[HostAnswer]>, // what host.ts sends
          once(this.#child, "exit", { signal }) as Promise<[number | null, string?]>, // node:child_process
        ],
      );
      if (typeof answer !== "object" || answer === null) {
        throw new Error(
          answer === null
            ? `${this.name}: its process was ended by ${killedBy}: perhaps there was not enough memory`
            : `${this.name}: its process ended with code ${answer}`,
        );
      }
      if (!answer.ok) {
        throw new Error(`${this.name}: ${answer.error}`);
      }
      return answer;
    } finally {
      stop.abort();
    }
  }
}
