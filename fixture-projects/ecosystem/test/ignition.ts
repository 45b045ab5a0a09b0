/** hardhat-ignition: a module with a submodule, a library, calls, events, and a failing one. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { expect } from "chai";
import hre, { ethers } from "hardhat";
import everythingModule from "../ignition/modules/Everything";

describe("hardhat-ignition", () => {
  it("deploys a module with all that depends", async () => {
    const { coin, everything, scaled } = await hre.ignition.deploy(everythingModule, {
      parameters: { Parts: { supply: 777n } },
    });
    expect(await coin.totalSupply()).to.equal(777n);
    expect(await everything.stored()).to.equal(8n);
    expect(await ethers.provider.getBalance(everything)).to.equal(13n);
    expect(await scaled.value()).to.equal(84n);
  });

  it("says what failed, and why", async () => {
    const failing = buildModule("Failing", (module) => {
      const everything = module.contract("Everything");
      module.call(everything, "failReason", ["not today"]);
      return { everything };
    });
    let message = "";
    await hre.ignition.deploy(failing).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.match(/Failing#Everything\.failReason/);
    expect(message).to.match(/not today/);
  });

  it("says what a constructor refuses", async () => {
    const failing = buildModule("Refused", (module) => ({
      scaled: module.contract("Coin", [2n ** 256n - 1n]),
      second: module.contract("Scaled", [2n ** 255n], {
        libraries: { Scale: module.library("Scale") },
      }),
    }));
    let message = "";
    await hre.ignition.deploy(failing).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.match(/Refused#Scaled/);
    expect(message).to.match(/overflow|panic/i);
  });
});
