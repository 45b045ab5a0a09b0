/**
 * Asks Hardhat 3's stock network and writes its answers: the oracle for the "hardhat3" dialect, which
 * needs a newer Node than this project. In a folder with hardhat@3 installed, with its Node:
 *
 *   npx ts-node --transpile-only test/golden/hardhat3/dump.ts > /tmp/requests.json   (in the project)
 *   node record.mjs /tmp/requests.json <project>/test/golden/expected/hardhat3-answers.json
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(path.join(process.cwd(), "package.json"));
const { createHardhatRuntimeEnvironment } = await import(
  pathToFileURL(require.resolve("hardhat/hre")).href
);
const [, , source, target] = process.argv;

const hre = await createHardhatRuntimeEnvironment({});

async function connect(hardfork) {
  const { provider } = await hre.network.create({
    network: "default",
    override: {
      hardfork,
      initialDate: new Date(1_700_000_000_000),
      accounts: {
        mnemonic: "test test test test test test test test test test test junk",
        count: 4,
      },
    },
  });
  return provider;
}

/** `$N.path` is replaced by what it stands for. */
function resolve(value, results) {
  if (typeof value === "string" && /^\$\d/.test(value)) {
    const [index, ...keys] = value.slice(1).split(".");
    return keys.reduce((object, key) => object?.[key], results[Number(index)]);
  }
  if (Array.isArray(value)) {
    return value.map((element) => resolve(element, results));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, resolve(v, results)]))
    : value;
}

const groups = {};
for (const [name, { hardfork, requests }] of Object.entries(
  JSON.parse(fs.readFileSync(source, "utf8")),
)) {
  const provider = await connect(hardfork);
  const results = [];
  const asked = [];
  for (const [method, ...given] of requests) {
    const params = resolve(given, results);
    try {
      const result = await provider.request({ method, params });
      results.push(result);
      asked.push({ method, params, result });
    } catch (error) {
      results.push(null);
      const { name, message, code, data, transactionHash } = error;
      asked.push({ method, params, error: { name, message, code, data, transactionHash } });
    }
  }
  groups[name] = { hardfork, requests: asked };
}

const bigints = (_, value) => (typeof value === "bigint" ? value.toString() : value);
fs.writeFileSync(target, JSON.stringify(groups, bigints));
process.exit(0);
