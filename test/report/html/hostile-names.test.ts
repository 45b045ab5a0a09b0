/**
 * Names, labels, source lines and reasons come from whoever wrote a contract or a test. Whatever they
 * hold, an HTML report shows it as text, and nothing of it runs.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser } from "playwright-core";
import { renderHtml } from "../../../src/report/renderers/html";
import { jsonForScript, visibleLine } from "../../../src/report/renderers/html/embed";
import type { DetailedReport } from "../../../src/report/report";
import { openFile, requireBrowser } from "../../helpers/browser";
import { detailedReport } from "../../helpers/detailed-report";
import { account, HandMadeContract, oneByOne, updates } from "../../helpers/hand-made-log";

const ESC = "\u001b";
const TEXTS = [
  '<img src=x onerror="window.hacked=1">',
  "</script><script>window.hacked=2</script>",
  "<!--<script>",
  "\u2028window.hacked=3\u2029",
  `${ESC}[31mred${ESC}[0m${ESC}]0;title\u0007`,
  "\u202egnp.exe\u202c",
  "{a|b} {b} {@[1]} {{c}}",
  "__proto__",
  "'\"`&amp;&#60;",
  "javascript:window.hacked=4",
];

function hostileReport(): DetailedReport {
  const contracts = TEXTS.map((text) => new HandMadeContract(text));
  const functions = TEXTS.map((text) => `${text}(uint256)`);
  const blocks = oneByOne(
    contracts.flatMap((contract, place) =>
      [1, 2].map((user) => ({
        from: `u${user}`,
        gas: 100,
        call: {
          contract,
          fn: functions[place] ?? "",
          touches: [
            updates(contract.slot(TEXTS[place] ?? "")),
            updates(contract.slot("map", TEXTS[place] ?? "")),
          ],
        },
      })),
    ),
  );
  const report = detailedReport(
    { blocks, contracts, functions, source: TEXTS.join(" ") },
    {
      details: {
        sources: {
          functionLines: () => ({ file: TEXTS.join("/"), from: 1, to: TEXTS.length }),
          lines: () => TEXTS,
        },
        accounts: new Map([[account("u1"), TEXTS.join(" ")]]),
      },
    },
  );
  const fallbacks = TEXTS.map((reason) => ({ reason, blocks: 1 }));
  return { ...report, observed: { ...report.observed, fallbacks } };
}

describe("HTML report of hostile names", function () {
  this.timeout(120_000);

  it("data in a script element can neither end it nor break a line", () => {
    const text = jsonForScript(TEXTS);
    expect(text).to.not.match(/[<>&\u2028\u2029]/);
    expect(JSON.parse(text)).to.deep.equal(TEXTS);
  });

  it("invisible characters of a source line are visible, tabs stay", () => {
    expect(visibleLine("\ta\u202eb\u0000\u200bc")).to.equal("\ta⟨U+202E⟩b⟨U+0000⟩⟨U+200B⟩c");
  });

  it("the file has no control character and only its own markup", () => {
    const html = renderHtml(hostileReport());
    const data = html.slice(html.indexOf('id="data"'));
    expect(data).to.not.match(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(html.match(/<script/g)?.length).to.equal(2);
    expect(html.match(/<\/script>/g)?.length).to.equal(2);
    expect(html).to.not.include("<img");
  });

  describe("in a browser", () => {
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

    it("every view shows them as text, and nothing runs", async () => {
      const file = join(directory, "hostile.html");
      writeFileSync(file, renderHtml(hostileReport()));
      const { page, complaints } = await openFile(browser, file);
      const elements = `document.querySelectorAll("img, iframe, script:not(#data), a[href^='javascript']").length`;
      const own = await page.evaluate(elements);
      for (const view of [
        ...["summary", "functions", "variables", "conflicts", "schedule", "workload", "help"],
        ...TEXTS.flatMap((_, place) => [`function/${place}`, `variable/${2 * place}`]),
      ]) {
        await page.evaluate(`new Promise((done) => {
          addEventListener("hashchange", () => setTimeout(done), { once: true });
          if (location.hash === "#/${view}") done(); else location.hash = "#/${view}";
        })`);
        await page.mouse.move(400, 320);
        expect(await page.evaluate("typeof window.hacked"), view).to.equal("undefined");
        expect(await page.evaluate(elements), view).to.equal(own);
      }
      await page.evaluate('location.hash = "#/functions"');
      await page.locator("h1:text-is('Functions')").waitFor();
      const text = await page.locator("main").innerText();
      for (const shown of ['<img src=x onerror="window.hacked=1">', "__proto__", "{a|b} {b}"]) {
        expect(text).to.include(shown);
      }
      await page.keyboard.press("/");
      await page.keyboard.type("<img");
      await page.locator("#search-results a").first().waitFor();
      expect(await page.evaluate(elements)).to.equal(own);
      expect(complaints).to.deep.equal([]);
      await page.close();
    });
  });
});
