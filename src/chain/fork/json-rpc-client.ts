/**
 * Calls of the fork's remote over HTTP: in batches, with timeouts, and again where waiting may help.
 *
 * Tried again, with growing pauses: no connection, no answer in time, HTTP 5xx, HTTP 429 and the
 * rate-limit errors of JSON-RPC (after the pause that Retry-After asks for). Everything else fails at
 * once. A remote that does not take batches is asked call by call from then on.
 *
 * Owns: transport and its failures. Does not own: what methods mean (remote-chain.ts), caching.
 * URLs hold API keys: messages name the host only.
 */
import { ParallelError } from "../../errors/base-error";
import { ERRORS } from "../../errors/catalogue";

export interface RemoteCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface JsonRpcClientOptions {
  readonly url: string;
  readonly httpHeaders?: Readonly<Record<string, string>>;
  /** ms for one HTTP request; default 30 s */
  readonly timeout?: number;
  /** tries of one HTTP request, at least 1; default 6 */
  readonly attempts?: number;
  /** ms before the second try, doubled for each further one; default 250 */
  readonly pause?: number;
}

/** Calls in one HTTP request: what the common providers accept. */
export const BATCH_SIZE = 100;
/** HTTP requests at the same time. */
export const PARALLEL_REQUESTS = 8;
/** ms: longer waits are not worth a test's time, whatever Retry-After says */
const LONGEST_PAUSE = 60_000;

/** JSON-RPC error codes of providers that limit the rate. */
const RATE_LIMIT_CODES: ReadonlySet<number> = new Set([429, -32005, -32029]);
/** What nodes say when they have pruned a state. */
const PRUNED =
  /missing trie node|state (is )?not available|historical state|pruned|archive|state histories/i;

/** Why a request was given up. */
class TimedOut extends Error {}

/** An answer that may come right when asked again. */
interface Retry {
  readonly retry: "unreachable" | "status" | "rateLimit";
  readonly reason: string;
  /** ms that the remote asked to wait */
  readonly after: number | null;
}

export class JsonRpcClient {
  readonly host: string;
  readonly #options: Required<JsonRpcClientOptions>;
  /** of the HTTP requests that are on their way */
  readonly #open = new Set<AbortController>();
  #takesBatches = true;
  #id = 0;

  /** Throws ParallelError FORK_URL_INVALID. */
  constructor(options: JsonRpcClientOptions) {
    this.host = hostOf(options.url);
    this.#options = { httpHeaders: {}, timeout: 30_000, attempts: 6, pause: 250, ...options };
  }

  /** False once the remote has refused one. */
  get takesBatches(): boolean {
    return this.#takesBatches;
  }

  /** Gives up what is on its way: nobody needs it any more. */
  close(): void {
    for (const request of this.#open) {
      request.abort();
    }
  }

  /** One call. Throws ParallelError FORK_… */
  async call(method: string, params: readonly unknown[] = []): Promise<unknown> {
    const [result] = await this.batch([{ method, params }]);
    return result;
  }

  /**
   * All calls' results in order, in as few HTTP requests as possible.
   * Throws ParallelError FORK_… if any of them fails.
   * @param attempts tries of one HTTP request
   */
  async batch(
    calls: readonly RemoteCall[],
    attempts: number = this.#options.attempts,
  ): Promise<unknown[]> {
    const size = this.#takesBatches ? BATCH_SIZE : 1;
    const chunks: (readonly RemoteCall[])[] = [];
    for (let start = 0; start < calls.length; start += size) {
      chunks.push(calls.slice(start, start + size));
    }
    const results: unknown[][] = [];
    let next = 0;
    const send = async (): Promise<void> => {
      for (let index = next++; index < chunks.length; index = next++) {
        results[index] = await this.#chunk(chunks[index] ?? [], attempts);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_REQUESTS, chunks.length) }, send));
    return results.flat();
  }

  async #chunk(calls: readonly RemoteCall[], attempts: number): Promise<unknown[]> {
    const { pause } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#attempt(calls);
      if (!("retry" in answer)) {
        return answer.refusedBatch ? this.batch(calls, attempts) : answer.results;
      }
      if (attempt >= attempts) {
        throw this.#gaveUp(answer, attempts);
      }
      const wait = Math.min(answer.after ?? pause * 2 ** (attempt - 1), LONGEST_PAUSE);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async #attempt(
    calls: readonly RemoteCall[],
  ): Promise<Retry | { readonly refusedBatch: boolean; readonly results: unknown[] }> {
    const single = calls.length === 1;
    const requests = calls.map(({ method, params }) => {
      this.#id += 1;
      return { jsonrpc: "2.0", id: this.#id, method, params };
    });
    const response = await this.#post(JSON.stringify(single ? requests[0] : requests));
    if ("retry" in response) {
      return response;
    }
    const methods = single ? (calls[0]?.method ?? "") : "a batch";
    const body = this.#parse(response, methods);
    if (single) {
      const [call, request] = [calls[0], requests[0]];
      const result = this.#result(body, call?.method ?? "", request?.id ?? 0);
      return "retry" in result ? result : { refusedBatch: false, results: [result.value] };
    }
    if (!Array.isArray(body) || response.status >= 400) {
      this.#takesBatches = false;
      return { refusedBatch: true, results: [] };
    }
    const byId = new Map<unknown, unknown>(
      body.map((entry) => [isObject(entry) && entry.id, entry]),
    );
    const results: unknown[] = [];
    for (const { id, method } of requests) {
      const result = this.#result(byId.get(id), method, id);
      if ("retry" in result) {
        return result;
      }
      results.push(result.value);
    }
    return { refusedBatch: false, results };
  }

  async #post(body: string): Promise<Retry | { readonly status: number; readonly text: string }> {
    const { url, httpHeaders, timeout } = this.#options;
    let response: Response;
    let text: string;
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(new TimedOut()), timeout);
    this.#open.add(aborter);
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...httpHeaders },
        body,
        signal: aborter.signal,
      });
      text = await response.text();
    } catch (error) {
      return { retry: "unreachable", reason: transportReason(error, timeout), after: null };
    } finally {
      clearTimeout(timer);
      this.#open.delete(aborter);
    }
    const { status } = response;
    if (status === 429) {
      const after = retryAfter(response.headers.get("retry-after"));
      return { retry: "rateLimit", reason: "HTTP status 429", after };
    }
    return status >= 500
      ? { retry: "status", reason: String(status), after: null }
      : { status, text };
  }

  #parse({ status, text }: { status: number; text: string }, method: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw status >= 400
        ? new ParallelError(ERRORS.FORK_HTTP_STATUS, { host: this.host, status, attempts: 1 })
        : new ParallelError(
            ERRORS.FORK_NOT_JSON_RPC,
            { host: this.host, method, actual: shown(text) },
            { cause },
          );
    }
  }

  #result(body: unknown, method: string, id: number): Retry | { readonly value: unknown } {
    const { host } = this;
    if (!isObject(body) || (!("result" in body) && !isObject(body.error))) {
      const actual = shown(JSON.stringify(body) ?? "nothing");
      throw new ParallelError(ERRORS.FORK_NOT_JSON_RPC, { host, method, actual });
    }
    if (isObject(body.error)) {
      const { code, message } = body.error;
      if (typeof code === "number" && RATE_LIMIT_CODES.has(code)) {
        return { retry: "rateLimit", reason: String(message), after: null };
      }
      const text = typeof message === "string" ? message : JSON.stringify(body.error);
      const descriptor = PRUNED.test(text) ? ERRORS.FORK_STATE_PRUNED : ERRORS.FORK_REFUSED;
      throw new ParallelError(descriptor, { host, method, message: text });
    }
    if (body.id !== id) {
      const actual = `an answer to request ${JSON.stringify(body.id)} instead of ${id}`;
      throw new ParallelError(ERRORS.FORK_NOT_JSON_RPC, { host, method, actual });
    }
    return { value: body.result };
  }

  #gaveUp({ retry, reason }: Retry, attempts: number): ParallelError {
    const { host } = this;
    switch (retry) {
      case "unreachable":
        return new ParallelError(ERRORS.FORK_UNREACHABLE, { host, reason, attempts });
      case "rateLimit":
        return new ParallelError(ERRORS.FORK_RATE_LIMITED, { host, attempts });
      case "status":
        return new ParallelError(ERRORS.FORK_HTTP_STATUS, { host, status: reason, attempts });
    }
  }
}

function hostOf(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new ParallelError(ERRORS.FORK_URL_INVALID, { url }, { cause });
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new ParallelError(ERRORS.FORK_URL_INVALID, { url: `${parsed.protocol}//${parsed.host}` });
  }
  return parsed.host;
}

function transportReason(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error instanceof TimedOut) {
    return `no answer within ${timeout / 1000} s`;
  }
  // undici hides the reason in the cause
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** ms; the header is a number of seconds or a date (RFC 9110, section 10.2.3) */
function retryAfter(header: string | null): number | null {
  if (header === null) {
    return null;
  }
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > 100 ? `${flat.slice(0, 97)}...` : flat || "nothing";
}
