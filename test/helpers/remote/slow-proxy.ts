/** Stands between a fork and its remote: counts, delays and spoils HTTP requests, as a test asks. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ProxiedCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Answers a request in the remote's place; null = let it through. */
export type Fault = (
  calls: readonly ProxiedCall[],
  response: ServerResponse,
) => boolean | Promise<boolean>;

export class RemoteProxy {
  readonly url: string;
  /** calls of each HTTP request so far, in order of arrival */
  readonly requests: (readonly ProxiedCall[])[] = [];
  /** ms before an answer */
  latency = 0;
  /** true = the fault has answered */
  fault: Fault = () => false;
  readonly #server: Server;
  /** requests that are being answered, and waves: requests that began while none was */
  #open = 0;
  waves = 0;

  private constructor(server: Server, target: string) {
    this.#server = server;
    const { port } = server.address() as AddressInfo; // of a server that listens on TCP
    this.url = `http://127.0.0.1:${port}`;
    server.on("request", (request, response) => {
      this.#serve(request, response, target).catch((error) => response.destroy(error));
    });
  }

  static async start(target: string): Promise<RemoteProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new RemoteProxy(server, target);
  }

  /** Names of all methods asked for so far. */
  get methods(): string[] {
    return this.requests.flat().map(({ method }) => method);
  }

  forget(): void {
    this.requests.length = 0;
    this.waves = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    if (this.#open === 0) {
      this.waves++;
    }
    this.#open++;
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk as Buffer); // a request without encoding
      }
      const body = Buffer.concat(chunks).toString();
      const parsed: unknown = JSON.parse(body);
      const calls = (Array.isArray(parsed) ? parsed : [parsed]) as ProxiedCall[]; // our client's
      this.requests.push(calls);
      if (this.latency > 0) {
        await new Promise((resolve) => setTimeout(resolve, this.latency));
      }
      if (await this.fault(calls, response)) {
        return;
      }
      const answer = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      response.setHeader("content-type", "application/json");
      response.end(await answer.text());
    } finally {
      this.#open--;
    }
  }
}
