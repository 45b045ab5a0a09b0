/**
 * Keeps `hardhat node` alive whatever is sent to it. Hardhat's server ends the process at `null` in the
 * place of a request and at a WebSocket message beyond its limit, and takes batches and bodies of any
 * size.
 *
 * What it would take alike is handed on as it came. `null` is handed on as `{}`, which it answers with
 * "Invalid request"; what is too large is refused here.
 *
 * Owns: what is refused. Does not own: answers (Hardhat's server).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ServerParts, Socket } from "./hardhat-internals";

/** requests in a batch */
export const MAX_BATCH = 100_000;
/** bytes of a body; messages of WebSockets have the server's own limit of 100 MiB */
export const MAX_BODY = 128 * 1024 * 1024;

/** EIP-1474: the JSON is no valid request */
const INVALID_REQUEST = -32600;

/** Puts the guard in front of a server that does not listen yet. */
export function guardServer({ http, webSockets }: ServerParts): void {
  const handlers = http.listeners("request");
  http.removeAllListeners("request");
  http.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const hand = (message: IncomingMessage): void => {
      for (const handler of handlers) {
        handler.call(http, message, response);
      }
    };
    if (request.method === "OPTIONS") {
      hand(request);
      return;
    }
    readBody(request).then(
      (body) => {
        const checked = body === null ? tooLarge() : check(body.toString());
        if ("refusal" in checked) {
          response.statusCode = 200; // as Hardhat answers errors
          response.setHeader("Access-Control-Allow-Origin", "*");
          response.setHeader("Content-Type", "application/json");
          response.end(checked.refusal);
        } else {
          hand(withBody(request, checked.text));
        }
      },
      () => response.destroy(), // the client is gone
    );
  });
  webSockets.on("connection", (socket: Socket) => guardSocket(socket));
}

/** Comes after the server's own listener for connections, which has added its listeners to the socket. */
function guardSocket(socket: Socket): void {
  const handlers = socket.listeners("message");
  socket.removeAllListeners("message");
  socket.on("message", (message: unknown) => {
    const checked = check(String(message));
    if ("refusal" in checked) {
      socket.send(checked.refusal);
      return;
    }
    for (const handler of handlers) {
      handler.call(socket, checked.text);
    }
  });
  // a message that the protocol does not allow: the socket closes itself with the reason
  socket.on("error", () => undefined);
}

type Checked = { readonly text: string } | { readonly refusal: string };

function check(text: string): Checked {
  const start = text.trimStart();
  if (!start.startsWith("[") && !start.startsWith("null")) {
    return { text };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { text }; // the server says what is wrong with it
  }
  if (value === null) {
    return { text: "{}" };
  }
  if (!Array.isArray(value)) {
    return { text };
  }
  if (value.length > MAX_BATCH) {
    return refuse(`A batch of ${value.length} requests, at most ${MAX_BATCH} are taken`);
  }
  return value.includes(null) ? { text: JSON.stringify(value.map((one) => one ?? {})) } : { text };
}

function tooLarge(): Checked {
  return refuse(`A body of more than ${MAX_BODY} bytes`);
}

function refuse(message: string): Checked {
  const error = { code: INVALID_REQUEST, message: `${message}: send less at once` };
  return { refusal: JSON.stringify({ jsonrpc: "2.0", id: null, error }) };
}

/** The whole body; null beyond MAX_BODY, of which nothing is kept. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((done, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size > MAX_BODY) {
        parts.length = 0;
      } else {
        parts.push(part);
      }
    });
    request.on("end", () => done(size > MAX_BODY ? null : Buffer.concat(parts)));
    request.on("error", reject);
    request.on("close", () => reject(new Error("closed")));
  });
}

/** The request with a body that was read already: what handlers use of one. */
function withBody(request: IncomingMessage, text: string): IncomingMessage {
  const { method, url, headers } = request;
  // handlers read the stream, and the method
  return Object.assign(Readable.from([Buffer.from(text)], { objectMode: false }), {
    method,
    url,
    headers,
  }) as unknown as IncomingMessage;
}
