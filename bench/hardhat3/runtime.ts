/**
 * Where Hardhat 3 and the Node that it needs are. They are installed on demand into folders of their
 * own (npm run bench:hardhat3), so that they disturb neither hardhat@2 nor `npm ci`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

export const HARDHAT3_FOLDER = __dirname;

/** of Node's major version */
const NEEDED = 22;

/** The Node executable that can run Hardhat 3; a string that says what to do if it or Hardhat is missing. */
export function hardhat3Node(): { readonly path: string } | { readonly missing: string } {
  const installed = join(
    HARDHAT3_FOLDER,
    "node",
    "node_modules",
    `node-${process.platform}-${process.arch}`,
    "bin",
    "node",
  );
  const own = Number(process.versions.node.split(".")[0]) >= NEEDED;
  if (!own && !existsSync(installed)) {
    return { missing: `no Node ${NEEDED}: run npm run bench:hardhat3` };
  }
  return existsSync(join(HARDHAT3_FOLDER, "node_modules", "hardhat"))
    ? { path: own ? process.execPath : installed }
    : { missing: "hardhat@3 is not installed: run npm run bench:hardhat3" };
}
