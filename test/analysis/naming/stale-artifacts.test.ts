/** Artifacts that are not of the code that ran: marked, never a wrong name. */
import { expect } from "chai";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import { compile } from "./compile";
import { RecordedChain } from "./recorded-chain";

function compiled(body: string): ContractMetadata {
  const contract = compile(`contract Store { ${body} }`, { optimizer: true }).get("Store");
  if (contract === undefined) {
    throw new Error("Store is missing");
  }
  return contract;
}

const SET = "function set(uint256 v) external { value = v; }";

describe("stale artifacts", () => {
  it("of other code give no name, and a note", async () => {
    const chain = await RecordedChain.create();
    const address = await chain.deploy(compiled(`uint256 value; ${SET}`));
    const newer = compiled(`uint256 inserted; uint256 value; ${SET}`);
    const naming = createNaming({ metadata: [newer], evidence: chain.blocks });
    expect(naming.slot(address, 0n)).to.deep.include({ contract: address, resolved: false });
    expect(naming.contract(address)).to.equal(null);
    expect(naming.notes()).to.deep.equal([
      `1 contract of the run has code that no artifact has (no source, or stale artifacts); named by address: ${address}`,
    ]);
  });

  it("of the same code but other metadata are used, and a note says so", async () => {
    const chain = await RecordedChain.create();
    const address = await chain.deploy(compiled(`uint256 value; ${SET}`));
    const commented = compiled(`uint256 value; /* a comment */ ${SET}`);
    const naming = createNaming({ metadata: [commented], evidence: chain.blocks });
    expect(naming.slot(address, 0n).label).to.equal("value");
    expect(naming.notes()).to.deep.equal([
      "code of the run equals Store but for its metadata: names are those of the artifact, whose source may be another version",
    ]);
  });

  it("artifacts of the very code give no note", async () => {
    const chain = await RecordedChain.create();
    const store = compiled(`uint256 value; ${SET}`);
    await chain.deploy(store);
    expect(createNaming({ metadata: [store], evidence: chain.blocks }).notes()).to.deep.equal([]);
  });
});
