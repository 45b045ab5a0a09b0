/**
 * Puts optional packages of other platforms back into package-lock.json.
 *
 * npm leaves an optional package out of the lock file when it cannot read its manifest (an offline
 * mirror that holds one platform only), and `npm ci` then refuses the file everywhere. The entry
 * needs no more than what the parent says of it (the version) and what its name says (platform).
 *
 * node scripts/complete-lockfile.mjs          after every npm install
 * node scripts/complete-lockfile.mjs --check  exits with 1 if something is missing
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const missing = {};

for (const [path, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => lock.packages[place] !== undefined)) {
      continue;
    }
    const platform = platformOf(name);
    if (platform === null || !/^\d/.test(version)) {
      throw new Error(`${path} needs ${name}@${version}, which is not in package-lock.json`);
    }
    missing[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(parent.dev ? { dev: true } : {}),
      optional: true,
    };
  }
}

const names = Object.keys(missing);
if (process.argv.includes("--check")) {
  if (names.length > 0) {
    console.error(
      `package-lock.json lacks ${names.join(", ")}: run node scripts/complete-lockfile.mjs`,
    );
    process.exitCode = 1;
  }
} else if (names.length > 0) {
  const packages = Object.entries({ ...lock.packages, ...missing });
  packages.sort(([a], [b]) => a.localeCompare(b, "en")); // as npm does
  lock.packages = Object.fromEntries(packages);
  const temporary = new URL("../package-lock.json.tmp", import.meta.url);
  writeFileSync(temporary, `${JSON.stringify(lock, null, 2)}\n`);
  renameSync(temporary, file);
  console.log(`added ${names.join(", ")}`);
}

/** `@scope/cli-linux-arm64-musl` -> os, cpu, libc; null if the name says no platform. */
function platformOf(name) {
  const os = /\b(android|darwin|linux|win32|freebsd)\b/.exec(name)?.[1];
  const cpu = /\b(arm64|x64|amd64|ia32|arm)\b/.exec(name)?.[1];
  if (os === undefined || cpu === undefined) {
    return null;
  }
  const libc = /\b(musl|gnu)\b/.exec(name)?.[1];
  return {
    cpu: [cpu === "amd64" ? "x64" : cpu],
    ...(libc === undefined ? {} : { libc: [libc === "gnu" ? "glibc" : "musl"] }),
    os: [os],
  };
}
