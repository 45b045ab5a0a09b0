import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { BuildInfoText } from "../../src/hardhat2/build-info-slice";
import { withReplayProject } from "./replay-project";

type Members = Record<string, unknown>;
interface BuildInfo {
  readonly output: { readonly sources: Members; readonly contracts: Members };
}

const parsed = (text: Buffer): BuildInfo => JSON.parse(text.toString()); // a build info
const only = (all: Members, names: ReadonlySet<string>): Members =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));

describe("hardhat2/build-info-slice", () => {
  let texts: Buffer[] = [];
  /** of the build info with nearly all files */
  let text: Buffer = Buffer.alloc(0);

  before(async function () {
    this.timeout(120_000);
    await withReplayProject(async ({ artifacts }) => {
      texts = (await artifacts.getBuildInfoPaths()).map((path) => readFileSync(path));
    });
    text = texts.find((each) => each.includes('"contracts/Base.sol":{"ast"')) ?? assert.fail();
  });

  it("finds every bytecode with its file", () => {
    assert.equal(texts.length, 2);
    for (const each of texts) {
      const buildInfo = new BuildInfoText(each);
      const found = buildInfo.objects().map((object) => ({
        file: buildInfo.fileAt(object),
        hex: each.toString("latin1", object.start, object.end),
      }));
      const expected = Object.entries(parsed(each).output.contracts).flatMap(([file, contracts]) =>
        Object.values(
          contracts as Record<
            string,
            { evm: Record<"bytecode" | "deployedBytecode", { object: string }> }
          >, // solc's output
        )
          .flatMap(({ evm }) => [evm.bytecode.object, evm.deployedBytecode.object])
          .filter((hex) => hex !== "")
          .map((hex) => ({ file, hex })),
      );
      const sorted = (list: typeof found) => list.map(({ file, hex }) => `${file} ${hex}`).sort();
      assert.ok(expected.length > 0);
      assert.deepEqual(sorted(found), sorted(expected));
    }
  });

  it("a file comes with what it imports, directly or not", () => {
    const buildInfo = new BuildInfoText(text);
    const imports = (file: string) => [...(buildInfo.withImports([file]) ?? [])].sort();
    assert.deepEqual(imports("contracts/lib/Errors.sol"), ["contracts/lib/Errors.sol"]);
    assert.deepEqual(imports("contracts/Factory.sol"), [
      "contracts/Base.sol",
      "contracts/Factory.sol",
      "contracts/One.sol",
      "contracts/lib/Errors.sol",
    ]);
    assert.equal(buildInfo.withImports(["contracts/None.sol"]), null);
  });

  it("a part is the build info without the other files, in its order", () => {
    const buildInfo = new BuildInfoText(text);
    const whole = parsed(text);
    for (const file of Object.keys(whole.output.sources)) {
      const files = buildInfo.withImports([file]) ?? assert.fail(file);
      const part = parsed(buildInfo.only(files) ?? assert.fail(file));
      const expected = {
        ...whole,
        output: {
          ...whole.output,
          sources: only(whole.output.sources, files),
          contracts: only(whole.output.contracts, files),
        },
      };
      assert.equal(JSON.stringify(part), JSON.stringify(expected), file); // order, too
    }
  });

  it("text of another form is not cut", () => {
    const all = new Set(Object.keys(parsed(text).output.sources));
    const { output, ...head } = parsed(text);
    const { sources, contracts, ...rest } = output;
    const variants: Readonly<Record<string, string>> = {
      spaces: JSON.stringify(parsed(text), null, 1),
      "contracts before sources": JSON.stringify({
        ...head,
        output: { ...rest, contracts, sources },
      }),
      "something behind the contracts": JSON.stringify({
        ...head,
        output: { ...rest, sources, contracts, more: 1 },
      }),
      "something behind the output": JSON.stringify({ ...head, output, more: 1 }),
      "no sources": JSON.stringify({ ...head, output: { ...rest, sources: {}, contracts } }),
      "a path with a quote": text
        .toString()
        .replaceAll("contracts/Twin.sol", 'contracts/Tw\\"in.sol'),
      "a contract without abi": text.toString().replace(/"Twin":\{"abi":\[/, '"Twin":{"api":['),
      nothing: "",
    };
    assert.notEqual(new BuildInfoText(text).only(all), null);
    for (const [name, variant] of Object.entries(variants)) {
      assert.equal(new BuildInfoText(Buffer.from(variant)).only(all), null, name);
    }
  });
});
