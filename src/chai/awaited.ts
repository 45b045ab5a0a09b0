/**
 * Assertions that answer later, and the check that somebody waits for them: a test that forgets
 * `await` would pass whatever the answer is.
 *
 * Inside a mocha test the test itself waits for what it left behind, and fails. Elsewhere (no mocha, or
 * its hooks came too early for us) the rejection of an assertion that nobody waits for is left
 * unhandled, which ends or fails the run.
 *
 * Owns: who waited. Does not own: what is asserted.
 */
import { ParallelError } from "../errors/base-error";
import { ERRORS } from "../errors/catalogue";

interface Entry {
  /** the assertion as one writes it */
  readonly name: string;
  readonly settled: Promise<void>;
  awaited: boolean;
}

const open = new Set<Entry>();
let testsRunning = 0;

/** Begins an assertion; whoever uses the promise counts as waiting for it. */
export function awaited(name: string, run: () => Promise<void>): Promise<void> {
  const promise = run();
  const entry: Entry = { name, settled: promise.then(ignore, ignore), awaited: false };
  open.add(entry);
  entry.settled.then(() => setImmediate(() => checkUnwatched(entry)));
  return new WatchedPromise(promise, () => {
    entry.awaited = true;
    open.delete(entry);
  });
}

function ignore(): void {}

function notAwaited({ name }: Entry): ParallelError {
  return new ParallelError(ERRORS.ASSERTION_NOT_AWAITED, { assertion: name });
}

function checkUnwatched(entry: Entry): void {
  if (!entry.awaited && testsRunning === 0 && open.delete(entry)) {
    void Promise.reject(notAwaited(entry)); // unhandled on purpose: see above
  }
}

/** Everything that the test left behind has settled; throws ASSERTION_NOT_AWAITED for the first of it. */
async function requireAllAwaited(): Promise<void> {
  const left = [...open];
  open.clear();
  await Promise.all(left.map(({ settled }) => settled));
  const forgotten = left.find((entry) => !entry.awaited);
  if (forgotten !== undefined) {
    throw notAwaited(forgotten);
  }
}

/**
 * Makes every test of the run wait. To be called while mocha loads test files; does nothing without
 * mocha. A test with a callback (`done`) is left as it is.
 */
export function watchTests(): void {
  const { beforeEach } = globalThis as { beforeEach?: Mocha.HookFunction }; // mocha's, where it runs
  beforeEach?.(function watchAssertions(this: Mocha.Context) {
    const test = this.currentTest;
    const body = test?.fn;
    if (test === undefined || body === undefined || body === null || body.length > 0) {
      return;
    }
    test.fn = async function watched(this: Mocha.Context) {
      testsRunning++;
      try {
        // mocha calls tests without a callback so
        await (body as Mocha.AsyncFunc).call(this);
        await requireAllAwaited();
      } finally {
        testsRunning--;
        open.clear();
      }
    };
  });
}

/** A promise that says when it is used: `await`, `then`, `catch` and `finally` all come through `then`. */
class WatchedPromise extends Promise<void> {
  /** What `then` makes is a plain promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  readonly #onUse: () => void;

  constructor(promise: Promise<void>, onUse: () => void) {
    super((resolve, reject) => {
      promise.then(resolve, reject);
    });
    super.then(ignore, ignore); // whoever waits gets the rejection; it is never an unhandled one
    this.#onUse = onUse;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise
  override then<A = void, B = never>(
    // biome-ignore lint/suspicious/noConfusingVoidType: as Promise<void> has it
    onFulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#onUse();
    return super.then(onFulfilled, onRejected);
  }
}
