/** This package's version, read from its package.json. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { invariant } from "../errors/base-error";

/** Works from src/hardhat2 and from dist/cjs/hardhat2. */
export function packageVersion(): string {
  let directory = __dirname;
  for (;;) {
    const manifest = readManifest(join(directory, "package.json"));
    if (manifest?.name === "hardhat-parallel") {
      return manifest.version;
    }
    const parent = dirname(directory);
    invariant(parent !== directory, "the package's own package.json is above its modules");
    directory = parent;
  }
}

function readManifest(path: string): { name: string; version: string } | null {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return null;
    }
    throw error;
  }
}
