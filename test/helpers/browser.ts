/**
 * A headless Chromium for tests of pages: CHROMIUM_PATH, or one of the usual places. Where there is
 * none, tests that need it are skipped and say so.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser, or skips the suite with a clear message. The profile is a fresh one. */
export async function requireBrowser(context: Mocha.Context): Promise<Browser> {
  const wanted = process.env.CHROMIUM_PATH;
  const path = wanted ?? USUAL_PLACES.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    console.log(
      "      skipped: no Chromium found (apt-get install chromium, or set CHROMIUM_PATH)",
    );
    context.skip();
  }
  return chromium.launch({ executablePath: path, args: FLAGS });
}

export interface OpenedPage {
  readonly page: Page;
  /** errors and warnings of the console, uncaught errors, dialogs, and every request but the file's own */
  readonly complaints: string[];
}

export interface PageOptions {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

/** Opens a file from disk and collects what must not happen. */
export async function openFile(
  browser: Browser,
  path: string,
  { colorScheme = "light", width = 1280 }: PageOptions = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  const complaints: string[] = [];
  const url = `file://${path}`;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url) {
      complaints.push(`request: ${request.url()}`);
    }
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.locator("h1").waitFor();
  return { page, complaints };
}
