/** Loading this adds the matchers to the chai that the project's tests use. */
import { watchTests } from "./awaited";
import { parallelMatchers } from "./matchers";

/**
 * The project's chai; null for a chai that cannot be required (5 and later, ES modules only on this
 * Node): then the project calls chai.use(parallelMatchers) itself, and without it chai says that it
 * knows no property "conflictWith".
 */
function loadChai(): Chai.ChaiStatic | null {
  try {
    return require("chai");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_REQUIRE_ESM" || code === "MODULE_NOT_FOUND") {
      return null;
    }
    throw error;
  }
}

loadChai()?.use(parallelMatchers);
watchTests();
