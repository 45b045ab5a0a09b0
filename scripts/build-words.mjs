/**
 * Compiles assembly/ (AssemblyScript) to the module that the WebAssembly tier takes its 256-bit
 * arithmetic from, and writes it as a TypeScript file, so that source, tests and package load it alike.
 *
 * `--check` writes nothing and fails if the file is not what the source gives.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "src", "execution", "engine", "fast", "wasm", "words-module.ts");
const OPTIONS = [
  "assembly/index.ts",
  "-O3",
  "--noAssert",
  ...["--runtime", "stub"],
  "--importMemory",
  "--noExportMemory",
  "--zeroFilledMemory",
  ...["--memoryBase", "64"],
  ...["--outFile", "words.wasm"],
];

async function compile() {
  let binary = null;
  const { error, stderr } = await asc.main([...OPTIONS, "--baseDir", root], {
    writeFile(_name, contents) {
      binary = contents;
    },
  });
  if (error !== null || binary === null) {
    throw new Error(`assembly/ does not compile:\n${stderr.toString()}`, { cause: error });
  }
  return binary;
}

function sourceOf(binary) {
  const text = Buffer.from(binary).toString("base64");
  const lines = text.match(/.{1,88}/g).map((line) => `  "${line}",`);
  return `/** Made by scripts/build-words.mjs from assembly/; do not edit. */

/** A WebAssembly module, base64. */
export const WORDS_MODULE = [
${lines.join("\n")}
].join("");
`;
}

const source = sourceOf(await compile());
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== source) {
    console.error("words-module.ts is not what assembly/ gives: run node scripts/build-words.mjs");
    process.exitCode = 1;
  }
} else {
  writeFileSync(`${target}.tmp`, source);
  renameSync(`${target}.tmp`, target);
}
