/** @openzeppelin/hardhat-upgrades: UUPS, transparent and beacon proxies, refused upgrades. */
import { expect } from "chai";
import { ethers, upgrades } from "hardhat";

describe("hardhat-upgrades", () => {
  it("transparent: deploy, upgrade, admin", async () => {
    const crate = await upgrades.deployProxy(await ethers.getContractFactory("Crate"), [42n]);
    await crate.waitForDeployment();
    expect(await crate.value()).to.equal(42n);
    const before = await upgrades.erc1967.getImplementationAddress(await crate.getAddress());
    const upgraded = await upgrades.upgradeProxy(crate, await ethers.getContractFactory("CrateV2"));
    await upgraded.add(8n);
    expect(await upgraded.value()).to.equal(42n);
    expect(await upgraded.added()).to.equal(8n);
    expect(await upgrades.erc1967.getImplementationAddress(await crate.getAddress())).not.to.equal(
      before,
    );
    expect(await upgrades.erc1967.getAdminAddress(await crate.getAddress())).to.be.properAddress;
  });

  it("UUPS", async () => {
    const crate = await upgrades.deployProxy(await ethers.getContractFactory("UupsCrate"), [1n], {
      kind: "uups",
    });
    const upgraded = await upgrades.upgradeProxy(
      crate,
      await ethers.getContractFactory("UupsCrateV2"),
    );
    expect(await upgraded.version()).to.equal(2n);
    await expect(upgraded.set(13n)).to.be.revertedWith("Crate: unlucky");
  });

  it("beacon", async () => {
    const beacon = await upgrades.deployBeacon(await ethers.getContractFactory("Crate"));
    const crate = await upgrades.deployBeaconProxy(
      beacon,
      await ethers.getContractFactory("Crate"),
      [7n],
    );
    await upgrades.upgradeBeacon(beacon, await ethers.getContractFactory("CrateV2"));
    const upgraded = await ethers.getContractAt("CrateV2", await crate.getAddress());
    await upgraded.add(1n);
    expect(await upgraded.value()).to.equal(7n);
  });

  it("refuses a layout that does not fit", async () => {
    const crate = await upgrades.deployProxy(await ethers.getContractFactory("Crate"), [42n]);
    let message = "";
    await upgrades
      .upgradeProxy(crate, await ethers.getContractFactory("BadCrate"))
      .catch((error: Error) => {
        message = error.message;
      });
    expect(message).to.match(/New storage layout is incompatible/);
  });

  it("validates, prepares and imports", async () => {
    const factory = await ethers.getContractFactory("CrateV2");
    const crate = await upgrades.deployProxy(await ethers.getContractFactory("Crate"), [42n]);
    await upgrades.validateUpgrade(crate, factory);
    expect(await upgrades.prepareUpgrade(crate, factory)).to.be.properAddress;
    await upgrades.forceImport(await crate.getAddress(), await ethers.getContractFactory("Crate"), {
      kind: "transparent",
    });
  });
});
