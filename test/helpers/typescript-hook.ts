/** For `node -r`: what makes a process or a thread that a test starts run TypeScript, as the tests do themselves. */
import { join } from "node:path";

export const TYPESCRIPT_HOOK = join(__dirname, "..", "..", "scripts", "typescript-hook.cjs");
