/**
 * Fixture projects copied outside the repository, with Hardhat run on them as a user runs it.
 */
import { type SpawnOptions, spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

export const ROOT = join(__dirname, "..", "..");
const FIXTURES = join(ROOT, "fixture-projects");

export interface ProjectCopy {
  readonly directory: string;
  /** the copied project's node_modules, one directory above it */
  readonly modules: string;
  /** Runs `npx hardhat …` in the project. */
  hardhat(...parameters: string[]): Promise<Run>;
  /** The same with changes to the environment; undefined removes a variable. */
  hardhatWith(
    environment: Record<string, string | undefined>,
    ...parameters: string[]
  ): Promise<Run>;
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of the environment of whoever runs the tests: none of it is a fixture project's. */
const FOREIGN = [
  "PARALLEL",
  "PARALLEL_REPORT",
  "NODE_OPTIONS",
  "TS_NODE_FILES",
  "FORCE_COLOR",
  "GITHUB_ACTIONS",
  "GITHUB_STEP_SUMMARY",
  "GITHUB_WORKSPACE",
];

/** Environment without what the running test process adds, and without colours. */
export function cleanEnvironment(changes: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1", ...changes };
  for (const name of FOREIGN) {
    if (!(name in changes)) {
      delete environment[name];
    }
  }
  return environment;
}

/** Runs a program to its end and collects what it prints. */
export function runProgram(
  program: string,
  parameters: readonly string[],
  options: SpawnOptions,
): Promise<Run> {
  return new Promise((done, reject) => {
    const child = spawn(program, parameters, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (data) => {
      stdout += data;
    });
    child.stderr?.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

/**
 * Copies a fixture project to a temporary directory, links every package of the repository beside
 * it except `hardhat-parallel`, which `install` puts there, and removes all of it afterwards.
 */
export async function withProjectCopy(
  name: string,
  install: (modules: string) => void | Promise<void>,
  body: (project: ProjectCopy) => Promise<void>,
): Promise<void> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "hardhat-parallel-project-")));
  const directory = join(base, name);
  const modules = join(base, "node_modules");
  try {
    cpSync(join(FIXTURES, name), directory, { recursive: true });
    for (const shared of readdirSync(FIXTURES).filter((entry) => entry.endsWith(".ts"))) {
      cpSync(join(FIXTURES, shared), join(base, shared));
    }
    mkdirSync(modules);
    for (const entry of readdirSync(join(ROOT, "node_modules"))) {
      if (basename(entry) !== "hardhat-parallel" && entry !== ".package-lock.json") {
        symlinkSync(join(ROOT, "node_modules", entry), join(modules, entry));
      }
    }
    await install(modules);
    const run = (environment: Record<string, string | undefined>, parameters: string[]) =>
      runProgram(
        process.execPath,
        [join(modules, "hardhat", "internal", "cli", "bootstrap.js"), ...parameters],
        { cwd: directory, env: cleanEnvironment(environment) },
      );
    await body({
      directory,
      modules,
      hardhat: (...parameters) => run({}, parameters),
      hardhatWith: (environment, ...parameters) => run(environment, parameters),
    });
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** Installs the built working tree. */
export function linkPackage(modules: string): void {
  symlinkSync(ROOT, join(modules, "hardhat-parallel"));
}
