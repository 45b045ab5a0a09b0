/**
 * A run of 10,000 transactions in one block: its report is of a size that opens at once, and what is
 * shown of it at a time stays small.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import { MAX_KEYS, MAX_VALUES } from "../../../src/report/details";
import { renderHtml } from "../../../src/report/renderers/html";
import { openFile, requireBrowser } from "../../helpers/browser";
import { detailedReport } from "../../helpers/detailed-report";
import { HandMadeContract, updates } from "../../helpers/hand-made-log";

const TRANSACTIONS = 10_000;
const BUY = "buy(uint256)";
const MOVE = "move(address,uint256)";
const shop = new HandMadeContract("Shop");

/** Each tenth buys, and buyers wait one for another; the others move between 500 users of their own. */
const BLOCK = Array.from({ length: TRANSACTIONS }, (_, place) => ({
  from: `u${place % 1000}`,
  gas: 30_000 + (place % 7) * 1000,
  call:
    place % 10 === 0
      ? {
          contract: shop,
          fn: BUY,
          touches: [updates(shop.slot("sold"), BigInt(place), BigInt(place + 1))],
        }
      : { contract: shop, fn: MOVE, touches: [updates(shop.slot("balances", `k${place % 500}`))] },
}));

const REPORT = detailedReport(
  { blocks: [{ transactions: BLOCK }], contracts: [shop], functions: [BUY, MOVE] },
  { window: "mined" },
);

describe("HTML report of 10,000 transactions", function () {
  this.timeout(120_000);
  let browser: Browser;
  let directory: string;

  before(async function () {
    browser = await requireBrowser(this);
    directory = mkdtempSync(join(tmpdir(), "hardhat-parallel-html-"));
  });

  after(async () => {
    await browser?.close();
    if (directory !== undefined) {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("holds every transaction, and caps what does not grow with what is read", () => {
    expect(REPORT.details?.schedule.windows[0]?.weight.length).to.equal(TRANSACTIONS);
    const [sold] = REPORT.details?.variables.filter(({ variable }) => variable === "sold") ?? [];
    expect(sold?.values?.value.length).to.equal(MAX_VALUES);
    expect(sold?.values?.writes).to.equal(TRANSACTIONS / 10);
    expect(sold?.values?.value.at(-1)).to.equal(`0x${(TRANSACTIONS - 9).toString(16)}`);
    const balances = REPORT.details?.variables.find(({ variable }) => variable === "balances[*]");
    expect(balances?.keys.length).to.equal(MAX_KEYS);
    expect((balances?.keysLeftOut ?? 0) + MAX_KEYS).to.equal(450);
    // 1.5 MB of data beside the page's own script
    expect(renderHtml(REPORT).length).to.be.below(2_500_000);
  });

  it("opens, and the schedule is drawn and its table paged", async () => {
    const file = join(directory, "large.html");
    writeFileSync(file, renderHtml(REPORT));
    const { page, complaints } = await openFile(browser, file);
    await page.evaluate('location.hash = "#/schedule"');
    await page.locator(".schedule canvas").first().waitFor();
    // bars cover one of its layers: more than a tenth of the pixels are painted
    const painted = await page.evaluate<number>(`new Promise((done) => setTimeout(() => {
      const shares = [...document.querySelectorAll(".schedule canvas")].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 3; i < data.length; i += 4) count += data[i] > 0 ? 1 : 0;
        return count / (data.length / 4);
      });
      done(Math.max(...shares));
    }, 1000))`);
    expect(painted).to.be.above(0.1);
    await page.getByText("As a table").click();
    expect(await page.locator(".schedule tbody tr").count()).to.equal(50);
    await page.locator(".schedule").getByText("page 1 of 200").waitFor();
    await page.getByRole("button", { name: "Last page" }).click();
    expect(await page.locator(".schedule tbody tr").last().innerText()).to.match(/^10000\s/);
    expect(await page.evaluate("document.querySelectorAll('*').length")).to.be.below(1500);
    expect(complaints).to.deep.equal([]);
    await page.close();
  });
});
