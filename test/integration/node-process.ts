/**
 * `hardhat node` of a fixture project as a process, and what its sockets say.
 *
 * Owns: the process, HTTP and WebSocket clients. Does not own: what is asked.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { fixtureDirectory } from "./both-networks";
import { cleanEnvironment, ROOT } from "./project-copy";

export interface Message {
  readonly id?: number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly method?: string;
  readonly params?: { readonly subscription: string; readonly result: unknown };
}

/** Of the WebSocket that Hardhat brings, which has no types here, what is used. */
interface Socket {
  onopen: () => void;
  onerror: () => void;
  onclose: (event: { readonly code: number }) => void;
  onmessage: (event: { readonly data: string }) => void;
  send(text: string): void;
  close(): void;
}
const { WebSocket }: { WebSocket: new (url: string) => Socket } = require("ws");

export class NodeProcess {
  readonly #child: ChildProcess;
  readonly url: string;

  static async start(environment: Record<string, string>): Promise<NodeProcess> {
    const bootstrap = join(ROOT, "node_modules", "hardhat", "internal", "cli", "bootstrap.js");
    const child = spawn(
      process.execPath,
      [bootstrap, "node", "--hostname", "127.0.0.1", "--port", "0"],
      {
        cwd: fixtureDirectory("counter"),
        env: cleanEnvironment(environment),
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const url = await new Promise<string>((found, reject) => {
      let output = "";
      const read = (data: Buffer): void => {
        output = (output + data).slice(-10_000);
        const match = /(http:\/\/[^\s/]+)/.exec(output);
        if (match?.[1] !== undefined) {
          found(match[1]);
        }
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.on("exit", (code) => reject(new Error(`hardhat node ended with ${code}: ${output}`)));
    });
    return new NodeProcess(child, url);
  }

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(): void {
    this.#child.kill();
  }

  /** Status and body of a POST. */
  async post(body: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.url, { method: "POST", body });
    return { status: response.status, body: await response.json() };
  }

  async call(method: string, ...params: unknown[]): Promise<unknown> {
    const { body } = await this.post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    const { result, error } = body as Message; // the server's form
    if (error !== undefined) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result;
  }

  connect(): Promise<Connection> {
    return new Promise((opened, reject) => {
      const socket = new WebSocket(this.url.replace("http", "ws"));
      socket.onopen = () => opened(new Connection(socket));
      socket.onerror = () => reject(new Error("the WebSocket was refused"));
    });
  }
}

/** A WebSocket with everything that came in, in order. */
class Connection {
  readonly #socket: Socket;
  readonly received: Message[] = [];
  #wake: () => void = () => undefined;
  closed: number | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.received.push(JSON.parse(data));
      this.#wake();
    };
    socket.onerror = () => undefined; // what follows is a close
    socket.onclose = ({ code }) => {
      this.closed = code;
      this.#wake();
    };
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits for the state of the connection; ends as well when it is closed. */
  async until(reached: () => boolean): Promise<readonly Message[]> {
    while (!reached() && this.closed === undefined) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return this.received;
  }

  close(): void {
    this.#socket.close();
  }
}
