/** hardhat-deploy: fixtures, named accounts, proxies, calls. */
import { expect } from "chai";
import hre, { deployments, ethers, getNamedAccounts, getUnnamedAccounts } from "hardhat";

describe("hardhat-deploy", () => {
  it("fixtures by tag, with dependencies", async () => {
    await deployments.fixture(["everything"]);
    const { address } = await deployments.get("Everything");
    expect(await ethers.provider.getCode(address)).not.to.equal("0x");
    expect((await deployments.getOrNull("Crate")) ?? null).to.equal(null);
    await deployments.fixture(["proxied"]);
    const crate = await deployments.get("Crate");
    const contract = await ethers.getContractAt("Crate", crate.address);
    expect(await contract.value()).to.equal(6n);
  });

  it("a fixture goes back to its state", async () => {
    for (let i = 0; i < 3; i++) {
      await deployments.fixture();
      const { address } = await deployments.get("Scaled");
      const scaled = await ethers.getContractAt("Scaled", address);
      expect(await scaled.value()).to.equal(10n);
      await scaled.set(50n);
      expect(await scaled.value()).to.equal(100n);
    }
  });

  it("named accounts and the rest", async () => {
    const { deployer, user, stranger } = await getNamedAccounts();
    const [first, second] = await ethers.getSigners();
    expect([deployer, user]).to.deep.equal([first.address, second.address]);
    expect(stranger).to.equal("0x00000000000000000000000000000000000000AA");
    expect(await getUnnamedAccounts()).to.have.lengthOf(18);
  });

  it("reads, executes, and deploys nothing twice", async () => {
    await deployments.fixture(["everything"]);
    const { deployer, user } = await getNamedAccounts();
    await deployments.execute("Coin", { from: deployer }, "transfer", user, 5);
    expect((await deployments.read("Coin", "balanceOf", user)).toString()).to.equal("5");
    const again = await deployments.deploy("Coin", { from: deployer, args: [1000n] });
    expect(again.newlyDeployed).to.equal(false);
    let message = "";
    await deployments
      .execute("Everything", { from: deployer }, "failReason", "no")
      .catch((error: Error) => {
        message = error.message;
      });
    expect(message).to.match(/reverted with reason string 'no'/);
  });

  it("upgrades a proxy", async () => {
    await deployments.fixture(["proxied"]);
    const { deployer } = await getNamedAccounts();
    await deployments.deploy("Crate", {
      from: deployer,
      contract: "CrateV2",
      proxy: { proxyContract: "OpenZeppelinTransparentProxy" },
    });
    const { address } = await deployments.get("Crate");
    const crate = await ethers.getContractAt("CrateV2", address);
    await crate.add(4n);
    expect([await crate.value(), await crate.added()]).to.deep.equal([6n, 4n]);
  });

  it("createFixture", async () => {
    const setup = deployments.createFixture(async () => {
      await deployments.fixture(["everything"]);
      const { address } = await deployments.get("Everything");
      const contract = await ethers.getContractAt("Everything", address);
      await contract.store(3n);
      return contract;
    });
    for (let i = 0; i < 2; i++) {
      const contract = await setup();
      expect(await contract.stored()).to.equal(3n);
      await contract.store(4n);
    }
    expect(hre.network.live).to.equal(false);
  });
});
