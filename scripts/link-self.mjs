/**
 * Makes node_modules/hardhat-parallel a link to this repository, so that the fixture projects
 * resolve the plugin by its name, as an installed project does.
 */
import { lstatSync, mkdirSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const link = join(root, "node_modules", "hardhat-parallel");
const existing = lstatSync(link, { throwIfNoEntry: false });

if (existing !== undefined && !existing.isSymbolicLink()) {
  throw new Error(`${link} exists and is not a link; remove it`);
}
if (existing === undefined || readlinkSync(link) !== "..") {
  if (existing !== undefined) {
    unlinkSync(link);
  }
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync("..", link, "junction");
}
