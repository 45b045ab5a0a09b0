/**
 * Tells the recording which test is running, through mocha's root hooks, so that each block carries
 * its test's name. Only where mocha runs in this process: in parallel mode its hooks cannot be
 * handed to the workers, and blocks then carry no name.
 */
import { setSection } from "./recording";

/** Adds the hooks to a Hardhat config's mocha options while `body` runs; the user's own still run. */
export async function withTestSections<T>(
  options: Mocha.MochaOptions,
  body: () => Promise<T>,
): Promise<T> {
  const { rootHooks: own } = options;
  const named: Mocha.RootHookObject = {
    ...own,
    beforeEach: [
      function (this: Mocha.Context): void {
        setSection(this.currentTest?.fullTitle() ?? null);
      },
      ...[own?.beforeEach ?? []].flat(),
    ],
    afterEach: [...[own?.afterEach ?? []].flat(), () => setSection(null)],
  };
  options.rootHooks = named;
  try {
    return await body();
  } finally {
    if (own === undefined) {
      delete options.rootHooks;
    } else {
      options.rootHooks = own;
    }
  }
}
