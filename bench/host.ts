/**
 * The process of one peer: makes it from a plan, then does what it is asked, one thing at a time.
 * Started by hosted-peer.ts: host.ts <id of the peer> <file of the plan or folder of blocks>.
 *
 * Owns: the peer. Times are taken here, beside the peer, so that the way between the processes is in
 * nobody's time.
 */
import { readFileSync } from "node:fs";
import { peerEntry } from "./peer-list";
import type { Peer, Sample } from "./peers/peer";

export type HostRequest =
  | { readonly run: string; readonly transactions?: number }
  | { readonly fill: number }
  | { readonly usage: true }
  | { readonly close: true };

export interface Usage {
  /** MB (10^6 bytes): the most that the process has had in memory so far */
  readonly peakRss: number;
}

export type HostAnswer =
  | { readonly ok: true; readonly sample?: Sample; readonly usage?: Usage }
  | { readonly ok: false; readonly error: string };

async function createPeer(id: string, source: string): Promise<Peer> {
  const entry = peerEntry(id);
  if (source.endsWith(".json")) {
    return entry.create(JSON.parse(readFileSync(source, "utf8"))); // a BenchPlan, of plan-file.ts
  }
  const blocks: typeof import("./real-blocks") = require("./real-blocks"); // as in peer-list.ts
  return blocks.createRealBlocksPeer(entry, source);
}

async function answer(peer: Peer, request: HostRequest): Promise<HostAnswer> {
  if ("run" in request) {
    return { ok: true, sample: await peer.run(request.run, request.transactions) };
  }
  if ("fill" in request) {
    await peer.fill(request.fill);
    return { ok: true };
  }
  if ("usage" in request) {
    // maxRSS is in kilobytes of 1024 bytes
    return { ok: true, usage: { peakRss: (process.resourceUsage().maxRSS * 1024) / 1e6 } };
  }
  await peer.close();
  return { ok: true };
}

async function main([id = "", source = ""]: readonly string[]): Promise<void> {
  const send = (message: HostAnswer): void => {
    process.send?.(message);
  };
  const failed = (error: unknown): void =>
    send({
      ok: false,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  try {
    const peer = await createPeer(id, source);
    process.on("message", (request: HostRequest) => {
      answer(peer, request).then((done) => {
        send(done);
        if ("close" in request) {
          process.disconnect();
          process.exit(0); // the stock networks have no way to end
        }
      }, failed);
    });
    process.on("disconnect", () => process.exit(1)); // nobody is left to ask
    send({ ok: true });
  } catch (error) {
    failed(error);
    process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
