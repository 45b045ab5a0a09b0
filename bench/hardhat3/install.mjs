/**
 * npm run bench:hardhat3: installs the stock Hardhat 3 peer of the benchmark, and Node 22 where this Node
 * is older. npm leaves out optional packages that its own Node cannot run, so Hardhat 3's native part is
 * only installed by an npm that runs on Node 22.
 */
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const npm = process.env.npm_execpath;
if (npm === undefined) {
  throw new Error("run this as npm run bench:hardhat3");
}
let node = process.execPath;
if (Number(process.versions.node.split(".")[0]) < 22) {
  const folder = join(here, "node");
  execFileSync(node, [npm, "ci"], { cwd: folder, stdio: "inherit" });
  node = join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
}
execFileSync(node, [npm, "ci"], { cwd: here, stdio: "inherit" });
