import { expect } from "chai";
import hre from "hardhat";
import { runScenario } from "../scripts/scenario";

describe("Scenario", () => {
  it("does what each contract is for", async () => {
    const { alice, points, transparentBox, beaconBoxes, counters, keys, seeded } =
      await runScenario(hre);
    expect(await points.totalSupply()).to.equal(11n);
    expect(await points.balanceOf(alice.address)).to.equal(11n);
    expect(await points.minted()).to.equal(6n);
    expect(await transparentBox.values(0n)).to.equal(21n);
    expect(await beaconBoxes[1].values(0n)).to.equal(32n);
    expect(await counters.counters()).to.deep.equal([1n, 1n, 2n]);
    expect(await keys.balance()).to.equal(12n);
    expect(await seeded.balanceOf(alice.address)).to.equal(8n);
  });
});
