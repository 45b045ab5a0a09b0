/**
 * Compiles assembly/ (AssemblyScript) to WebAssembly modules and writes each as a TypeScript file, so
 * that source, tests and package load them alike: the 256-bit arithmetic of the WebAssembly tier,
 * which lives in the memory of the code it serves, and the hasher, BLAKE2 and modular powers, which have memories
 * of their own.
 *
 * `--check` writes nothing and fails if a file is not what the source gives.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const COMMON_OPTIONS = ["-O3", "--noAssert", ...["--runtime", "stub"], ...["--memoryBase", "64"]];
const MODULES = [
  {
    source: "assembly/index.ts",
    target: "src/execution/engine/fast/wasm/words-module.ts",
    name: "WORDS_MODULE",
    options: ["--importMemory", "--noExportMemory", "--zeroFilledMemory"],
  },
  {
    source: "assembly/hasher.ts",
    target: "src/crypto/keccak-module.ts",
    name: "KECCAK_MODULE",
    // pages of the memory: src/crypto/hash-memory.ts says what is where
    options: [...["--enable", "simd"], ...["--initialMemory", "24"]],
  },
  {
    source: "assembly/blake2f.ts",
    target: "src/execution/engine/fast/precompiles/blake2f-module.ts",
    name: "BLAKE2F_MODULE",
    options: ["--initialMemory", "1"],
  },
  {
    source: "assembly/modular-power.ts",
    target: "src/execution/engine/fast/precompiles/modular-power-module.ts",
    name: "MODULAR_POWER_MODULE",
    options: ["--initialMemory", "1"],
  },
];

async function compile({ source, options }) {
  let binary = null;
  const { error, stderr } = await asc.main(
    [source, ...COMMON_OPTIONS, ...options, ...["--outFile", "module.wasm"], "--baseDir", root],
    {
      writeFile(_name, contents) {
        binary = contents;
      },
    },
  );
  if (error !== null || binary === null) {
    throw new Error(`${source} does not compile:\n${stderr.toString()}`, { cause: error });
  }
  return binary;
}

function sourceOf(binary, name) {
  const text = Buffer.from(binary).toString("base64");
  const lines = text.match(/.{1,88}/g).map((line) => `  "${line}",`);
  return `/** Made by scripts/build-words.mjs from assembly/; do not edit. */

/** A WebAssembly module, base64. */
export const ${name} = [
${lines.join("\n")}
].join("");
`;
}

for (const module of MODULES) {
  const target = join(root, module.target);
  const source = sourceOf(await compile(module), module.name);
  if (!process.argv.includes("--check")) {
    writeFileSync(`${target}.tmp`, source);
    renameSync(`${target}.tmp`, target);
  } else if (readFileSync(target, "utf8") !== source) {
    console.error(`${module.target} is not what assembly/ gives: run node scripts/build-words.mjs`);
    process.exitCode = 1;
  }
}
