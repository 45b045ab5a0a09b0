/**
 * The HTML report in a real browser: opened from disk, without network, clicked, typed into, printed.
 * The run is the one of golden/token-and-pool.ts, whose numbers are worked out in its header.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { renderHtml } from "../../../src/report/renderers/html";
import type { DetailedReport } from "../../../src/report/report";
import { CONTRACTS, FUNCTIONS, TOKEN_AND_POOL } from "../../golden/token-and-pool";
import { type OpenedPage, openFile, requireBrowser } from "../../helpers/browser";
import { detailedReport } from "../../helpers/detailed-report";

/** The hand-made run has no code: one line of the Pool's swap is given a place here. */
function withSource(report: DetailedReport): DetailedReport {
  const { details } = report;
  if (details === undefined) {
    throw new Error("no details");
  }
  const file = "contracts/Pool.sol";
  const swap = details.functions.findIndex(({ signature }) => signature === "swap(uint256)");
  const variable = report.slots.findIndex((slot) => slot.variable === "reserve");
  const lines = ["  function swap(uint256 x) external {", "    reserve += x;", "  }"];
  return {
    ...report,
    details: {
      ...details,
      code: {
        functions: [
          {
            function: swap,
            place: { file, from: 2, to: 4 },
            lines: [{ file, line: 3, variable, reads: 4, writes: 4 }],
          },
        ],
        excerpts: [{ file, from: 2, lines }],
        linesLeftOut: 0,
      },
    },
  };
}

const REPORT = withSource(
  detailedReport({ blocks: TOKEN_AND_POOL, contracts: CONTRACTS, functions: FUNCTIONS }),
);

/** Cells of the heat map, row by row; functions by gas: transfer, mint, approve, swap. */
const CELLS = ".heat-map svg text:text-matches('%$')";
const SWAP_BY_SWAP = 15;
const MINT_BY_TRANSFER = 4;

interface Boxed {
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
}

describe("HTML report in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let directory: string;
  let file: string;

  before(async function () {
    browser = await requireBrowser(this);
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-html-"));
    file = join(directory, "report.html");
    writeFileSync(file, renderHtml(REPORT));
  });

  after(async () => {
    await browser?.close();
    if (directory !== undefined) {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  /** Opens the report, and fails afterwards if the page complained or asked for anything. */
  async function inPage(
    body: (page: Page) => Promise<void>,
    options?: Parameters<typeof openFile>[2],
  ): Promise<void> {
    const { page, complaints }: OpenedPage = await openFile(browser, file, options);
    try {
      await body(page);
      expect(complaints).to.deep.equal([]);
    } finally {
      await page.close();
    }
  }

  async function go(page: Page, link: string): Promise<void> {
    await page.getByRole("navigation").getByRole("link", { name: link, exact: true }).click();
    // the view follows the address a moment later
    await page.locator(`nav [aria-current=page]:text-is("${link}")`).waitFor();
  }

  /** Shows a view by its address. */
  async function show(page: Page, view: string): Promise<void> {
    await page.evaluate(`new Promise((done) => {
      addEventListener("hashchange", () => setTimeout(done), { once: true });
      if (location.hash === "#/${view}") done(); else location.hash = "#/${view}";
    })`);
  }

  it("opens from disk with the answer first, and every view can be reached", async () => {
    await inPage(async (page) => {
      expect(await page.title()).to.equal("Is it parallel? – parallel report");
      const answer = await page.getByRole("region", { name: "The answer" }).innerText();
      expect(answer).to.include("Partly: some transactions wait for others.");
      expect(answer).to.include("1.7 times as fast at most");
      expect(answer).to.include("8 transactions wait on Token.balances[*]");
      for (const [link, heading] of [
        ["Functions", "Functions"],
        ["Variables", "Variables"],
        ["Conflicts", "Conflicts, function by function"],
        ["Schedule", "Schedule"],
        ["Workload", "Workload and caveats"],
        ["How to read this", "How to read this"],
        ["Summary", "Is it parallel?"],
      ] as const) {
        await go(page, link);
        expect(await page.locator("h1").innerText()).to.equal(heading);
      }
    });
  });

  it("says how the recording was executed", async () => {
    await inPage(async (page) => {
      await go(page, "Workload");
      const executed = page.getByRole("region", { name: "How the recording was executed" });
      const text = (await executed.innerText()).replace(/\s+/g, " ");
      expect(text).to.match(
        /Blocks on several threads\W+0 Blocks in the calling thread\W+16 Blocks one after the other\W+0/,
      );
    });
  });

  it("a click on the heat map shows the pair, an example and the places between the two", async () => {
    await inPage(async (page) => {
      await go(page, "Conflicts");
      // by place: a cell under the mouse changes its order among the elements
      const places = (): Promise<readonly { readonly x: number; readonly y: number }[]> =>
        page.locator(CELLS).evaluateAll((elements) =>
          elements
            .map((element) => {
              // typed without the DOM here
              const { x, y, width, height } = (element as unknown as Boxed).getBoundingClientRect();
              return { x: x + width / 2, y: y + height / 2 };
            })
            .sort((a, b) => (Math.abs(a.y - b.y) > 4 ? a.y - b.y : a.x - b.x)),
        );
      // The panel that a click opens moves the map, some frames later.
      const atRest = async (): Promise<void> => {
        await page.locator(CELLS).nth(SWAP_BY_SWAP).waitFor();
        let [before, now] = ["", JSON.stringify(await places())];
        while (before !== now) {
          await page.evaluate(FIVE_FRAMES);
          [before, now] = [now, JSON.stringify(await places())];
        }
      };
      const panel = page.locator(".panel");
      // On a loaded machine a click can be lost, of which the browser says nothing: it is made again.
      const click = async (cell: number, heading: string): Promise<void> => {
        const opened = panel.locator("h2").filter({ hasText: heading });
        for (let clicks = 0; clicks < 3 && !(await opened.isVisible()); clicks++) {
          await atRest();
          const { x, y } = (await places())[cell] ?? { x: 0, y: 0 };
          await page.mouse.move(x, y);
          await page.evaluate(FIVE_FRAMES);
          await page.mouse.click(x, y);
          await page.evaluate(FIVE_FRAMES);
        }
        await opened.waitFor();
      };
      await click(MINT_BY_TRANSFER, "Token.mint × Token.transfer");
      await click(SWAP_BY_SWAP, "Pool.swap × Pool.swap");
      await panel.getByText("6 of 6 pairs conflict (100%)").waitFor();
      const text = await panel.innerText();
      expect(text).to.include("Earlier: Pool.swap in block 11, transaction 0");
      expect(text).to.include("Later: Pool.swap in block 12, transaction 0");
      expect(await panel.locator(".places a").allInnerTexts()).to.deep.equal([
        "Pool.unlocked",
        "Pool.reserve",
        "Token.balances[pool]",
      ]);
      expect(text).to.include("a value that is changed and put back");
      await click(MINT_BY_TRANSFER, "Token.mint × Token.transfer");
      await panel.getByText("4 of 16 pairs conflict (25%)").waitFor();
      expect(await panel.locator(".places a").allInnerTexts()).to.deep.equal([
        "Token.balances[u1]",
      ]);
      expect(await panel.innerText()).to.include("both calls use the same key");
    });
  });

  it("the heat map and its table can be used with the keyboard alone", async () => {
    await inPage(async (page) => {
      await go(page, "Conflicts");
      await page.getByRole("application").focus();
      for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Enter"]) {
        await page.keyboard.press(key);
      }
      // row swap, column mint: they meet in balances[u_i]
      const panel = page.locator(".panel");
      await panel.getByText("4 of 16 pairs conflict").waitFor();
      expect((await panel.locator("h2").innerText()).split(" × ").sort()).to.deep.equal([
        "Pool.swap",
        "Token.mint",
      ]);
      expect(await page.locator(".heat-map [aria-live]").innerText()).to.equal(
        "Pool.swap and Token.mint: 25% conflict",
      );
      await page.getByRole("button", { name: "Example of Token.mint and Token.mint" }).focus();
      await page.keyboard.press("Enter");
      await panel.getByText("6 of 6 pairs conflict").waitFor();
      expect(await panel.locator("h2").innerText()).to.equal("Token.mint × Token.mint");
    });
  });

  it("the schedule has a bar for each transaction and lights the critical path", async () => {
    await inPage(async (page) => {
      await go(page, "Schedule");
      const lit = "#c2290e"; // --critical in the light theme
      // m_1 t_1 s_1 s_2 s_3 s_4
      await page
        .locator(`.schedule svg path[stroke="${lit}"][stroke-width="2.5"]`)
        .nth(5)
        .waitFor();
      expect(
        await page.locator(`.schedule svg path[stroke="${lit}"][stroke-width="2.5"]`).count(),
      ).to.equal(6);
      expect(await page.locator('.schedule svg path[fill-opacity="0.42"]').count()).to.equal(
        14 - 6,
      );
      expect(await page.locator('.schedule svg text:text-matches("^lane ")').count()).to.equal(8);
      await page
        .locator(`.schedule svg path[stroke="${lit}"][stroke-width="2.5"]`)
        .nth(5)
        .click({ force: true }); // the line along the path lies above it and lets clicks through
      await page.locator(".schedule .panel").getByText("Number 12:").waitFor();
      expect(await page.locator(".schedule .panel").innerText()).to.match(
        /Number 12: Pool\.swap in block 14.*100 gas.*waits for number 11 \(Pool\.swap\) on .*on the critical path/s,
      );
      await page.getByText("As a table").click();
      const rows = page.locator(".schedule tbody tr");
      expect(await rows.count()).to.equal(14);
      expect(await page.locator(".schedule tbody tr.critical-row").count()).to.equal(6);
    });
  });

  it("functions and variables have pages with source, uses and values", async () => {
    await inPage(async (page) => {
      await go(page, "Functions");
      await page.getByRole("link", { name: "Pool.swap" }).first().click();
      await page.locator('h1:has-text("Pool.swap")').waitFor();
      expect(await page.locator("figure.source figcaption").innerText()).to.equal(
        "contracts/Pool.sol:2",
      );
      expect(await page.locator(".code .line").allInnerTexts()).to.deep.equal([
        "function swap(uint256 x) external {",
        "  reserve += x;",
        "}",
      ]);
      const hot = page.locator(".code .hot");
      expect(await hot.locator(".line-number").innerText()).to.equal("3");
      expect(await hot.innerText()).to.include("reserve read 4×, written 4×");
      await hot.getByRole("link", { name: "reserve" }).click();
      await page.locator('h1:has-text("Pool.reserve")').waitFor();
      const text = await page.locator("main").innerText();
      expect(text).to.include("Values over time");
      expect(text).to.include("after each transaction that wrote it: 4 writes");
      expect(text).to.match(/Pool\.swap\s+4\s+4\s+overwrite 4/);
      await page.keyboard.press("/");
      await page.keyboard.type("totalSupply");
      await page.keyboard.press("Enter");
      await page.locator('h1:has-text("Token.totalSupply")').waitFor();
      // 510 gas of 880 either way, see the header of token-and-pool.ts: 1.7
      expect(await page.locator("main").innerText()).to.match(
        /What if it were kept in another way.*in 16 parts, by sender\s+1\.7×/s,
      );
    });
  });

  it("search and filter find by part of a name", async () => {
    await inPage(async (page) => {
      await page.keyboard.press("/");
      await page.keyboard.type("supp");
      await page.locator("#search-results a").first().waitFor();
      expect(await page.locator("#search-results a").allInnerTexts()).to.have.length(1);
      await page.keyboard.press("Enter");
      await page.locator('h1:has-text("Token.totalSupply")').waitFor();
      await go(page, "Conflicts");
      const filter = page.getByRole("searchbox", { name: "Filter: Pairs of functions" });
      await filter.fill("approve");
      const rows = await page.locator("main table tbody tr").allInnerTexts();
      expect(rows).to.have.length(4);
      expect(rows.every((row) => row.includes("Token.approve"))).to.equal(true);
    });
  });

  it("tables sort by their heads, and say so", async () => {
    await inPage(async (page) => {
      await go(page, "Functions");
      const table = page.getByRole("region", { name: "All functions" });
      await table.getByRole("button", { name: "Calls" }).click();
      expect(await table.locator("th[aria-sort=descending]").innerText()).to.include("Calls");
      expect(await table.locator("tbody tr").first().innerText()).to.include("transfer");
      await table.getByRole("button", { name: "Calls" }).click();
      expect(await table.locator("tbody tr").first().innerText()).to.include("approve");
    });
  });

  for (const scheme of ["light", "dark"] as const) {
    it(`follows a ${scheme} system, and the button changes the theme for good`, async () => {
      await inPage(
        async (page) => {
          const background = () =>
            page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
          const own = await background();
          expect(own).to.equal(scheme === "dark" ? "rgb(15, 20, 26)" : "rgb(246, 247, 249)");
          await page.getByRole("button", { name: /^Switch to the/ }).click();
          const other = await background();
          expect(other).to.not.equal(own);
          await page.reload();
          await page.locator("h1").waitFor();
          expect(await background()).to.equal(other);
          await page.evaluate("localStorage.clear()");
        },
        { colorScheme: scheme },
      );
    });

    it(`every text of every view has contrast AA in the ${scheme} theme`, async () => {
      await inPage(
        async (page) => {
          for (const view of [
            ...["summary", "functions", "variables", "conflicts", "schedule", "workload", "help"],
            ...["function/0", "function/3", "variable/0", "variable/1"],
          ]) {
            await show(page, view);
            expect(await page.evaluate(LOW_CONTRAST), view).to.deep.equal([]);
          }
        },
        { colorScheme: scheme },
      );
    });
  }

  it("no view is wider than a narrow screen", async () => {
    await inPage(
      async (page) => {
        for (const view of ["summary", "functions", "conflicts", "schedule", "function/3"]) {
          await show(page, view);
          expect(
            await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
            view,
          ).to.be.at.most(0);
        }
      },
      { width: 360 },
    );
  });

  it("has landmarks, one main heading, and names for whatever can be used", async () => {
    await inPage(async (page) => {
      for (const view of ["summary", "conflicts", "schedule", "function/3", "variable/0"]) {
        await show(page, view);
        for (const landmark of ["banner", "navigation", "main", "contentinfo", "search"] as const) {
          expect(await page.getByRole(landmark).count(), `${view}: ${landmark}`).to.equal(1);
        }
        expect(await page.locator("h1").count(), view).to.equal(1);
        expect(await page.evaluate(NAMELESS), view).to.deep.equal([]);
      }
    });
  });

  it("prints all views, in light, with their charts", async () => {
    await inPage(
      async (page) => {
        const pdf = await page.pdf({ format: "A4" });
        expect(pdf.subarray(0, 5).toString()).to.equal("%PDF-");
        expect(await page.locator(".paper").count(), "gone afterwards").to.equal(0);
        await page.evaluate("dispatchEvent(new Event('beforeprint'))");
        await page.emulateMedia({ media: "print" });
        expect(await page.locator(".sheet h1").allInnerTexts()).to.deep.equal([
          "Is it parallel?",
          "Functions",
          "Variables",
          "Conflicts, function by function",
          "Schedule",
          "Workload and caveats",
          "How to read this",
        ]);
        expect(await page.locator(".paper .chart svg").count()).to.equal(3);
        expect(await page.locator(".bar").isVisible()).to.equal(false);
        expect(await page.evaluate("document.documentElement.dataset.theme")).to.equal("light");
      },
      { colorScheme: "dark" },
    );
  });
});

/** Sizes are observed and drawings made once a frame: what follows from a change is there after some. */
const FIVE_FRAMES = `new Promise((done) => {
  let left = 5;
  const next = () => (left-- === 0 ? done() : requestAnimationFrame(next));
  next();
})`;

/** Texts whose colour is too near to what is behind them (WCAG 2.1, 1.4.3). */
const LOW_CONTRAST = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((part, i) => part * top[3] + below[i] * (1 - top[3]));
  const behind = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      layers.push(rgba(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (color) => {
    const [r, g, b] = color.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === "" || element.closest("svg, [hidden], button:disabled, .visually-hidden, .skip") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const below = behind(element);
    const [a, b] = [luminance(over(rgba(style.color), below)), luminance(below)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) found.push(node.textContent.trim().slice(0, 40) + " " + ratio.toFixed(2));
  }
  return [...new Set(found)];
})()`;

/** Links, buttons and fields that a screen reader could only call by their kind. */
const NAMELESS = `(() =>
  [...document.querySelectorAll("a, button, input, select, [role=application], [role=img], [role=region]")]
    .filter((element) => element.checkVisibility())
    .filter((element) => (element.getAttribute("aria-label") ?? element.textContent).trim() === "" &&
      element.id !== "" ? document.querySelector('label[for="' + element.id + '"]') === null
        : (element.getAttribute("aria-label") ?? element.textContent).trim() === "")
    .map((element) => element.outerHTML.slice(0, 80)))()`;
