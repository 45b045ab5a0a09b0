/**
 * Makes the pictures of docs/reading-the-report.md: reports of fixture projects in a headless
 * Chromium (CHROMIUM_PATH, default /usr/bin/chromium). Needs the build.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const images = join(root, "docs", "images");

/** Views of a project's report; `height` cuts what is below. */
const PICTURES = [
  { name: "summary", project: "counter", view: "summary", height: 610 },
  { name: "function", project: "counter", view: "function/0", height: 1010 },
  { name: "conflicts", project: "amm", view: "conflicts", height: 620 },
  { name: "schedule", project: "amm", view: "schedule", height: 800 },
];

function report(project, directory) {
  const path = join(directory, `${project}.html`);
  const cwd = join(root, "fixture-projects", project);
  const hardhat = join(root, "node_modules", "hardhat", "internal", "cli", "bootstrap.js");
  const options = ["parallel-report", "--script", "scripts/load.ts", "--html", path];
  execFileSync(process.execPath, [hardhat, ...options], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return path;
}

const directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-pictures-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
});
try {
  mkdirSync(images, { recursive: true });
  const files = new Map();
  for (const { name, project, view, height } of PICTURES) {
    files.set(project, files.get(project) ?? report(project, directory));
    const page = await browser.newPage({
      colorScheme: "light",
      viewport: { width: 1180, height },
    });
    await page.goto(`file://${files.get(project)}#/${view}`);
    await page.locator("h1").waitFor();
    await page.waitForTimeout(300); // charts are drawn a frame later
    await page.screenshot({ path: join(images, `report-${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
}
