/** A fixture that threads load before anything else, and numbers in shared memory that it has in common with a test. */
import { join } from "node:path";
import { setEnvironmentData } from "node:worker_threads";
import { TYPESCRIPT_HOOK } from "./typescript-hook";

/**
 * From now on threads that start load the fixture, for which environment data of this name is the numbers; until the
 * function that is returned is called.
 * @param fixture file in ../worker/fixtures
 */
export function preloadInThreads(fixture: string, name: string, numbers: Int32Array): () => void {
  const before = process.env.NODE_OPTIONS;
  const files = [TYPESCRIPT_HOOK, join(__dirname, "..", "worker", "fixtures", fixture)];
  const options = files.map((file) => `--require ${JSON.stringify(file)}`);
  setEnvironmentData(name, numbers);
  process.env.NODE_OPTIONS = [before ?? "", ...options].join(" ");
  return () => {
    setEnvironmentData(name);
    if (before === undefined) {
      delete process.env.NODE_OPTIONS;
    } else {
      process.env.NODE_OPTIONS = before;
    }
  };
}
