/** ERC1967, transparent, UUPS and beacon proxies, clones. */
import { getStorageAt, loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { concat, getCreateAddress, id, keccak256, zeroPadValue } from "ethers";
import { ethers } from "hardhat";
import { failureOf, ZERO } from "./support";

/** keccak256("eip1967.proxy.…") - 1 */
const slotOf = (name: string) =>
  `0x${(BigInt(keccak256(Buffer.from(`eip1967.proxy.${name}`))) - 1n).toString(16).padStart(64, "0")}`;

async function boxes() {
  const [owner, other] = await ethers.getSigners();
  const first = await ethers.deployContract("Box");
  const second = await ethers.deployContract("BoxV2");
  const initialize = first.interface.encodeFunctionData("initialize", [42n, owner.address]);
  return { owner, other, first, second, initialize };
}

describe("ERC1967Proxy with UUPS", () => {
  async function deployed() {
    const context = await loadFixture(boxes);
    const proxy = await ethers.deployContract("Proxy1967", [context.first, context.initialize]);
    const box = await ethers.getContractAt("BoxV2", await proxy.getAddress());
    return { ...context, proxy, box };
  }

  it("is initialized by its constructor", async () => {
    const { box, owner } = await loadFixture(deployed);
    expect(await box.value()).to.equal(42n);
    expect(await box.owner()).to.equal(owner.address);
  });

  it("has the implementation in its slot and says so", async () => {
    const { first, proxy } = await loadFixture(deployed);
    expect(await getStorageAt(await proxy.getAddress(), slotOf("implementation"))).to.equal(
      zeroPadValue((await first.getAddress()).toLowerCase(), 32),
    );
    await expect(proxy.deploymentTransaction()).to.emit(proxy, "Upgraded").withArgs(first);
  });

  it("cannot be initialized again, and the implementation not at all", async () => {
    const { box, first, owner } = await loadFixture(deployed);
    for (const target of [box, first]) {
      await expect(target.getFunction("initialize")(1n, owner)).to.be.revertedWithCustomError(
        first,
        "InvalidInitialization",
      );
    }
  });

  it("emits the implementation's events from its own address", async () => {
    const { box, owner } = await loadFixture(deployed);
    await expect(box.set(7n)).to.emit(box, "Changed").withArgs(7n, owner);
  });

  it("passes on custom errors", async () => {
    const { box } = await loadFixture(deployed);
    await expect(box.set(1001n))
      .to.be.revertedWithCustomError(box, "TooLarge")
      .withArgs(1001n, 1000n);
  });

  it("shows the whole way in the stack trace", async () => {
    const { box } = await loadFixture(deployed);
    const { message, frames } = await failureOf(box.set(2000n));
    expect(message).to.equal(
      "VM Exception while processing transaction: reverted with custom error 'TooLarge(2000, 1000)'",
    );
    expect(frames[0]).to.match(/^at Box\.set \(contracts\/Proxies\.sol:\d+\)$/);
    expect(frames.at(-1)).to.match(
      /^at Proxy1967\..* \(@openzeppelin\/contracts\/proxy\/Proxy\.sol:\d+\)$/,
    );
  });

  it("is upgraded by its owner", async () => {
    const { box, second } = await loadFixture(deployed);
    const migrate = second.interface.encodeFunctionData("migrate");
    await expect(box.upgradeToAndCall(second, migrate)).to.emit(box, "Upgraded").withArgs(second);
    expect(await box.version()).to.equal("2");
    expect(await box.doubled()).to.equal(84n);
  });

  it("is not upgraded by others", async () => {
    const { box, second, other } = await loadFixture(deployed);
    await expect(box.connect(other).getFunction("upgradeToAndCall")(second, "0x"))
      .to.be.revertedWithCustomError(box, "OwnableUnauthorizedAccount")
      .withArgs(other);
  });

  it("is not upgraded to what could not be upgraded again", async () => {
    const { box } = await loadFixture(deployed);
    const dead = await ethers.deployContract("NotUpgradeable");
    await expect(box.upgradeToAndCall(dead, "0x"))
      .to.be.revertedWithCustomError(box, "ERC1967InvalidImplementation")
      .withArgs(dead);
  });

  it("is not upgraded by a direct call of the implementation", async () => {
    const { first, second } = await loadFixture(deployed);
    await expect(first.upgradeToAndCall(second, "0x")).to.be.revertedWithCustomError(
      first,
      "UUPSUnauthorizedCallContext",
    );
  });

  it("refuses an implementation without code", async () => {
    const { proxy, other } = await loadFixture(deployed);
    await expect(ethers.deployContract("Proxy1967", [other, "0x1234"]))
      .to.be.revertedWithCustomError(proxy, "ERC1967InvalidImplementation")
      .withArgs(other);
  });
});

describe("TransparentUpgradeableProxy", () => {
  async function deployed() {
    const context = await loadFixture(boxes);
    const proxy = await ethers.deployContract("TransparentUpgradeableProxy", [
      context.first,
      context.owner,
      context.initialize,
    ]);
    const address = await proxy.getAddress();
    const admin = await ethers.getContractAt(
      "ProxyAdmin",
      getCreateAddress({ from: address, nonce: 1 }),
    );
    const box = await ethers.getContractAt("BoxV2", address);
    return { ...context, proxy, admin, box };
  }

  it("has an admin of its own", async () => {
    const { proxy, admin, owner } = await loadFixture(deployed);
    expect(await getStorageAt(await proxy.getAddress(), slotOf("admin"))).to.equal(
      zeroPadValue((await admin.getAddress()).toLowerCase(), 32),
    );
    expect(await admin.owner()).to.equal(owner.address);
  });

  it("passes calls on", async () => {
    const { box, other } = await loadFixture(deployed);
    await box.connect(other).getFunction("set")(5n);
    expect(await box.value()).to.equal(5n);
  });

  it("is upgraded by its admin", async () => {
    const { admin, box, second } = await loadFixture(deployed);
    const migrate = second.interface.encodeFunctionData("migrate");
    await admin.upgradeAndCall(box, second, migrate);
    expect(await box.version()).to.equal("2");
  });

  it("is not upgraded by others", async () => {
    const { admin, box, second, other } = await loadFixture(deployed);
    await expect(
      admin.connect(other).getFunction("upgradeAndCall")(box, second, "0x"),
    ).to.be.revertedWithCustomError(admin, "OwnableUnauthorizedAccount");
  });
});

describe("BeaconProxy", () => {
  async function deployed() {
    const context = await loadFixture(boxes);
    const beacon = await ethers.deployContract("UpgradeableBeacon", [context.first, context.owner]);
    const proxies = [];
    for (let i = 0; i < 3; i++) {
      const proxy = await ethers.deployContract("ProxyOfBeacon", [beacon, context.initialize]);
      proxies.push(await ethers.getContractAt("BoxV2", await proxy.getAddress()));
    }
    return { ...context, beacon, proxies };
  }

  it("upgrades all at once", async () => {
    const { beacon, proxies, second } = await loadFixture(deployed);
    await expect(beacon.upgradeTo(second)).to.emit(beacon, "Upgraded").withArgs(second);
    for (const proxy of proxies) {
      expect(await proxy.version()).to.equal("2");
    }
  });

  it("keeps state apart", async () => {
    const { proxies } = await loadFixture(deployed);
    await proxies[0]?.set(1n);
    expect(await proxies[0]?.value()).to.equal(1n);
    expect(await proxies[1]?.value()).to.equal(42n);
  });

  it("refuses a beacon without code and an implementation without code", async () => {
    const { beacon, other, proxies } = await loadFixture(deployed);
    await expect(ethers.deployContract("ProxyOfBeacon", [other, "0x"])).to.be.reverted;
    await expect(beacon.upgradeTo(other))
      .to.be.revertedWithCustomError(beacon, "BeaconInvalidImplementation")
      .withArgs(other);
    expect(proxies.length).to.equal(3);
  });
});

describe("Clones", () => {
  async function deployed() {
    const context = await loadFixture(boxes);
    const factory = await ethers.deployContract("CloneFactory");
    return { ...context, factory };
  }

  it("clones where CREATE says", async () => {
    const { factory, first, owner } = await loadFixture(deployed);
    const at = getCreateAddress({ from: await factory.getAddress(), nonce: 1 });
    await expect(factory.clone(first)).to.emit(factory, "Cloned").withArgs(at);
    const box = await ethers.getContractAt("Box", at);
    await box.initialize(8n, owner);
    expect(await box.value()).to.equal(8n);
    expect(await ethers.provider.getCode(at)).to.have.lengthOf(2 + 45 * 2);
  });

  it("clones where CREATE2 says, once", async () => {
    const { factory, first } = await loadFixture(deployed);
    const salt = id("salt");
    const at = await factory.predict(first, salt);
    await expect(factory.cloneDeterministic(first, salt)).to.emit(factory, "Cloned").withArgs(at);
    await expect(factory.cloneDeterministic(first, salt)).to.be.revertedWithCustomError(
      factory,
      "FailedDeployment",
    );
  });

  it("refuses value that it does not have", async () => {
    const { factory, first } = await loadFixture(deployed);
    await expect(factory.cloneDeterministic(first, id("x"), { value: 3n })).to.changeEtherBalance(
      await factory.predict(first, id("x")),
      3n,
    );
  });

  it("keeps immutable arguments in the clone's code", async () => {
    const { factory, first } = await loadFixture(deployed);
    const data = concat(["0x1234", id("something long")]);
    const at = await factory.cloneWithArguments.staticCall(first, data, id("y"));
    await factory.cloneWithArguments(first, data, id("y"));
    expect(await factory.argumentsOf(at)).to.equal(data);
    expect(at).not.to.equal(ZERO);
  });
});
