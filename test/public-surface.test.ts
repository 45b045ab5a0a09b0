/**
 * The package as it is built: what each entry exports, by require and by import, for the compiler
 * and at run time, and what loading the plugin does not load.
 */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");

/** Exported values of each entry; types are checked by the consumer project below. */
const SURFACE: Readonly<Record<string, readonly string[]>> = {
  ".": [],
  "./hardhat2": [],
  "./network": ["createParallelNetwork", "networkOptions"],
  "./analysis": [
    "NamingEvidence",
    "ObservedCalls",
    "WorkloadBuilder",
    "analyseRun",
    "callConflict",
    "contractsOfCompilation",
    "createNaming",
    "footprintText",
    "footprintVerdict",
    "inferFootprints",
    "redrawCalls",
    "redrawRun",
    "scalingExponent",
  ],
  "./report": [
    "AccessLogReader",
    "REPORT_SCHEMA",
    "REPORT_VERSION",
    "buildReport",
    "checkReport",
    "compareSnapshots",
    "createRecorder",
    "gasByRow",
    "githubAnnotations",
    "parseReport",
    "parseSnapshot",
    "readReport",
    "renderCheck",
    "renderComparison",
    "renderHtml",
    "renderJson",
    "renderMarkdown",
    "renderSarif",
    "renderSnapshot",
    "renderTerminal",
    "reportOnLogs",
    "snapshotOf",
    "terminalOptions",
    "writeReportFile",
  ],
  "./chai": ["mineBatch", "parallelMatchers"],
  "./scenario": ["scenario"],
  "./types": [],
};

/** Own modules that loading the plugin may load; anything heavier is behind a first request. */
const LOADED_WITH_PLUGIN = [
  "errors/base-error.js",
  "errors/catalogue.js",
  "errors/project-errors.js",
  "execution/engine/engine-name.js",
  "hardhat2.js",
  "hardhat2/config-values.js",
  "hardhat2/config.js",
  "hardhat2/current-project.js",
  "hardhat2/exit-codes.js",
  "hardhat2/hardhat-internals.js",
  "hardhat2/hardhat-provider.js",
  "hardhat2/network-choice.js",
  "hardhat2/network-swap.js",
  "hardhat2/plugin-error.js",
  "hardhat2/register.js",
  "hardhat2/report-config.js",
  "hardhat2/type-extensions.js",
  "index.js",
  "project/project.js",
];

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
}

function inConsumer<T>(files: Readonly<Record<string, string>>, body: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-consumer-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(directory, name), text);
    }
    return body(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function node(directory: string, ...parameters: string[]): string {
  return execFileSync(process.execPath, parameters, { cwd: directory, encoding: "utf8" });
}

/** Keys of an entry as seen from a project inside a Hardhat context, where the plugin may load. */
function keysByRequire(subpath: string): unknown {
  const script = `
    require("hardhat/internal/context").HardhatContext.createHardhatContext();
    console.log(JSON.stringify(Object.keys(require("hardhat-parallel${subpath}")).sort()));
  `;
  return inConsumer({ "a.cjs": script }, (directory) => JSON.parse(node(directory, "a.cjs")));
}

function keysByImport(subpath: string): unknown {
  const script = `
    import context from "hardhat/internal/context.js";
    context.HardhatContext.createHardhatContext();
    const loaded = await import("hardhat-parallel${subpath}");
    const keys = Object.keys(loaded).filter((key) => key !== "__esModule"); // Node's view of CommonJS
    console.log(JSON.stringify(keys.sort()));
  `;
  return inConsumer({ "a.mjs": script }, (directory) => JSON.parse(node(directory, "a.mjs")));
}

describe("public surface (of the build)", () => {
  before(() => {
    assert.ok(existsSync(join(ROOT, "dist/cjs/index.js")), "run npm run build first");
  });

  it("the exports map has exactly the known entries, and their files are there", () => {
    const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    assert.deepEqual(
      Object.keys(manifest.exports).filter((key) => !key.endsWith(".json")),
      Object.keys(SURFACE),
    );
    const files = JSON.stringify(manifest.exports).match(/\.\/dist\/[^"]+/g) ?? [];
    assert.equal(files.length, 4 * Object.keys(SURFACE).length);
    assert.deepEqual(
      files.filter((file) => !existsSync(join(ROOT, file))),
      [],
    );
  });

  for (const [entry, keys] of Object.entries(SURFACE)) {
    const subpath = entry.slice(1);
    it(`hardhat-parallel${subpath} exports the same values by require and by import`, () => {
      assert.deepEqual(keysByRequire(subpath), keys);
      assert.deepEqual(keysByImport(subpath), keys);
    });
  }

  it("require and import give the same module, so nothing exists twice", () => {
    const script = `
      import { createRequire } from "node:module";
      import { createParallelNetwork } from "hardhat-parallel/network";
      const required = createRequire(import.meta.url)("hardhat-parallel/network");
      console.log(required.createParallelNetwork === createParallelNetwork);
    `;
    const same = inConsumer({ "a.mjs": script }, (directory) => node(directory, "a.mjs"));
    assert.equal(same.trim(), "true");
  });

  it("loading the plugin with a config loads nothing heavy", () => {
    const script = `
      const { HardhatContext } = require("hardhat/internal/context");
      const { loadConfigAndTasks } = require("hardhat/internal/core/config/config-loading");
      const { Environment } = require("hardhat/internal/core/runtime-environment");
      const context = HardhatContext.createHardhatContext();
      const { resolvedConfig, userConfig } = loadConfigAndTasks({ config: __dirname + "/hardhat.config.cjs" });
      new Environment(resolvedConfig, {}, context.tasksDSL.getTaskDefinitions(),
        context.tasksDSL.getScopesDefinitions(), context.environmentExtenders, userConfig, context.providerExtenders);
      console.log(JSON.stringify(Object.keys(require.cache)));
    `;
    const load = (config: string): string[] =>
      inConsumer(
        {
          "a.cjs": script,
          "hardhat.config.cjs": `${config} module.exports = {};`,
          "package.json": "{}",
        },
        (directory) => JSON.parse(node(directory, "a.cjs")),
      );
    const without = new Set(load(""));
    const added = load('require("hardhat-parallel");').filter(
      (path) => !without.has(path) && path.startsWith(ROOT),
    );
    const own = added
      .filter((path) => path.startsWith(join(ROOT, "dist")))
      .map((path) => relative(join(ROOT, "dist", "cjs"), path));
    assert.deepEqual(own.sort(), LOADED_WITH_PLUGIN);
    const packages = added
      .filter((path) => path.startsWith(join(ROOT, "node_modules")))
      .map((path) => relative(join(ROOT, "node_modules"), path))
      .filter((path) => !path.startsWith("hardhat/"));
    assert.deepEqual(packages, []);
  });

  it("outside a Hardhat config the plugin says where it belongs", () => {
    const script = `
      try { require("hardhat-parallel"); } catch (error) { console.log(error.message); }
    `;
    const message = inConsumer({ "a.cjs": script }, (directory) => node(directory, "a.cjs"));
    assert.match(message, /HHP113[\s\S]*hardhat\.config/);
  });

  describe("types", () => {
    const CONFIG = `
      import "hardhat-parallel";
      import type { ParallelUserConfig } from "hardhat-parallel";
      import type { HardhatUserConfig } from "hardhat/config";
      const parallel: ParallelUserConfig = { workers: 2, report: { window: "mined" } };
      const config: HardhatUserConfig = { solidity: "0.8.30", parallel };
      export default config;
    `;
    const WRONG = `
      import "hardhat-parallel";
      import type { HardhatUserConfig } from "hardhat/config";
      export const config: HardhatUserConfig = { parallel: { workers: "many" } };
    `;
    const NETWORK = `
      import { createParallelNetwork } from "hardhat-parallel/network";
      import type { BlockRecord, ParallelNetworkOptions } from "hardhat-parallel/types";
      export const make = (options: ParallelNetworkOptions) => createParallelNetwork(options);
      export const gas = (record: BlockRecord): bigint => record.gasUsed;
    `;

    /** Messages of the compiler for each of the files. */
    function diagnostics(
      files: Readonly<Record<string, string>>,
      options: ts.CompilerOptions,
    ): Map<string, string[]> {
      return inConsumer({ ...files, "package.json": "{}" }, (directory) => {
        const program = ts.createProgram(
          Object.keys(files).map((name) => join(directory, name)),
          {
            strict: true,
            noEmit: true,
            skipLibCheck: true,
            target: ts.ScriptTarget.ES2022,
            esModuleInterop: true,
            types: ["node", "mocha"],
            typeRoots: [join(directory, "node_modules", "@types")],
            ...options,
          },
        );
        const messages = new Map(Object.keys(files).map((name): [string, string[]] => [name, []]));
        for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
          const text = ts.flattenDiagnosticMessageText(messageText, "\n");
          const list = messages.get(relative(directory, file?.fileName ?? "none"));
          assert.ok(list !== undefined, `${file?.fileName}: ${text}`);
          list.push(text);
        }
        return messages;
      });
    }

    for (const [mode, extension, options] of [
      ["node16 CommonJS", ".cts", { module: ts.ModuleKind.Node16 }],
      ["node16 ESM", ".mts", { module: ts.ModuleKind.Node16 }],
      [
        "classic CommonJS",
        ".ts",
        { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
      ],
      [
        "bundler",
        ".ts",
        { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
      ],
    ] as const) {
      it(`the config key and the network are typed (${mode})`, () => {
        // Hardhat 2 has no exports map, so that ESM must name its files
        const named = (text: string) =>
          extension === ".mts" ? text.replace("hardhat/config", "hardhat/config.js") : text;
        const messages = diagnostics(
          {
            [`config${extension}`]: named(CONFIG),
            [`network${extension}`]: named(NETWORK),
            [`wrong${extension}`]: named(WRONG),
          },
          options,
        );
        assert.deepEqual(messages.get(`config${extension}`), []);
        assert.deepEqual(messages.get(`network${extension}`), []);
        assert.match(
          messages.get(`wrong${extension}`)?.join("\n") ?? "",
          /Type 'string' is not assignable to type 'number'/,
        );
      });
    }
  });
});
