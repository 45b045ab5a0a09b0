/** Access control, vesting, timelock and governor: roles, delays, votes. */
import { anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import {
  impersonateAccount,
  loadFixture,
  mine,
  setBalance,
  stopImpersonatingAccount,
  time,
} from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { id, keccak256, parseEther, toUtf8Bytes, ZeroHash } from "ethers";
import { ethers } from "hardhat";
import { failureOf, ZERO } from "./support";

const DAY = 24 * 60 * 60;

describe("AccessControl", () => {
  const KEEPER = id("KEEPER");

  async function deployed() {
    const [admin, keeper, other] = await ethers.getSigners();
    const roles = await ethers.deployContract("Roles");
    return { roles, admin, keeper, other };
  }

  it("gives the deployer the default admin role", async () => {
    const { roles, admin } = await loadFixture(deployed);
    expect(await roles.hasRole(ZeroHash, admin)).to.equal(true);
    expect(await roles.getRoleAdmin(KEEPER)).to.equal(ZeroHash);
  });

  it("grants a role once", async () => {
    const { roles, admin, keeper } = await loadFixture(deployed);
    await expect(roles.grantRole(KEEPER, keeper))
      .to.emit(roles, "RoleGranted")
      .withArgs(KEEPER, keeper, admin);
    await expect(roles.grantRole(KEEPER, keeper)).not.to.emit(roles, "RoleGranted");
  });

  it("refuses who lacks the role, with account and role", async () => {
    const { roles, other } = await loadFixture(deployed);
    await expect(roles.connect(other).getFunction("keep")())
      .to.be.revertedWithCustomError(roles, "AccessControlUnauthorizedAccount")
      .withArgs(other, KEEPER);
  });

  it("lets who has it act", async () => {
    const { roles, keeper } = await loadFixture(deployed);
    await roles.grantRole(KEEPER, keeper);
    await roles.connect(keeper).getFunction("keep")();
    expect(await roles.kept()).to.equal(1n);
  });

  it("revokes", async () => {
    const { roles, admin, keeper } = await loadFixture(deployed);
    await roles.grantRole(KEEPER, keeper);
    await expect(roles.revokeRole(KEEPER, keeper))
      .to.emit(roles, "RoleRevoked")
      .withArgs(KEEPER, keeper, admin);
    expect(await roles.hasRole(KEEPER, keeper)).to.equal(false);
  });

  it("lets an account renounce, but only itself", async () => {
    const { roles, keeper, other } = await loadFixture(deployed);
    await roles.grantRole(KEEPER, keeper);
    await expect(
      roles.connect(other).getFunction("renounceRole")(KEEPER, keeper),
    ).to.be.revertedWithCustomError(roles, "AccessControlBadConfirmation");
    await expect(roles.connect(keeper).getFunction("renounceRole")(KEEPER, keeper)).to.emit(
      roles,
      "RoleRevoked",
    );
  });

  it("changes the admin of a role", async () => {
    const { roles, admin, keeper, other } = await loadFixture(deployed);
    const head = id("HEAD");
    await expect(roles.setRoleAdmin(KEEPER, head))
      .to.emit(roles, "RoleAdminChanged")
      .withArgs(KEEPER, ZeroHash, head);
    await expect(roles.grantRole(KEEPER, keeper))
      .to.be.revertedWithCustomError(roles, "AccessControlUnauthorizedAccount")
      .withArgs(admin, head);
    await roles.grantRole(head, other);
    await roles.connect(other).getFunction("grantRole")(KEEPER, keeper);
    expect(await roles.hasRole(KEEPER, keeper)).to.equal(true);
  });

  it("hands the default admin over with a delay", async () => {
    const [admin, next] = await ethers.getSigners();
    const rules = await ethers.deployContract("AdminRules", [DAY]);
    await rules.beginDefaultAdminTransfer(next);
    const schedule = (await time.latest()) + DAY;
    await expect(rules.connect(next).getFunction("acceptDefaultAdminTransfer")())
      .to.be.revertedWithCustomError(rules, "AccessControlEnforcedDefaultAdminDelay")
      .withArgs(schedule);
    await time.increaseTo(schedule);
    await expect(rules.connect(next).getFunction("acceptDefaultAdminTransfer")())
      .to.emit(rules, "RoleRevoked")
      .withArgs(ZeroHash, admin, next);
    expect(await rules.defaultAdmin()).to.equal(next.address);
  });
});

describe("AccessManager", () => {
  async function deployed() {
    const [admin, user, other] = await ethers.getSigners();
    const manager = await ethers.deployContract("Manager", [admin]);
    const managed = await ethers.deployContract("Managed", [manager]);
    const selector = managed.interface.getFunction("set")?.selector ?? "0x";
    await manager.setTargetFunctionRole(managed, [selector], 7n);
    return { manager, managed, admin, user, other };
  }

  it("refuses who has no role", async () => {
    const { managed, user } = await loadFixture(deployed);
    await expect(managed.connect(user).getFunction("set")(1n))
      .to.be.revertedWithCustomError(managed, "AccessManagedUnauthorized")
      .withArgs(user);
  });

  it("lets a role without delay act at once", async () => {
    const { manager, managed, user } = await loadFixture(deployed);
    await manager.grantRole(7n, user, 0n);
    await managed.connect(user).getFunction("set")(5n);
    expect(await managed.value()).to.equal(5n);
  });

  it("makes a role with a delay schedule first", async () => {
    const { manager, managed, user } = await loadFixture(deployed);
    await manager.grantRole(7n, user, 3600n);
    const data = managed.interface.encodeFunctionData("set", [9n]);
    const mine = manager.connect(user);
    await expect(managed.connect(user).getFunction("set")(9n)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotScheduled",
    );
    await expect(mine.getFunction("schedule")(managed, data, 0n)).to.emit(
      manager,
      "OperationScheduled",
    );
    await expect(mine.getFunction("execute")(managed, data)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerNotReady",
    );
    await time.increase(3600);
    await expect(mine.getFunction("execute")(managed, data)).to.emit(manager, "OperationExecuted");
    expect(await managed.value()).to.equal(9n);
  });
});

describe("Ownable2Step", () => {
  async function deployed() {
    const [owner, next, other] = await ethers.getSigners();
    const treasury = await ethers.deployContract("Treasury", [owner]);
    await owner.sendTransaction({ to: treasury, value: parseEther("5") });
    return { treasury, owner, next, other };
  }

  it("hands over in two steps", async () => {
    const { treasury, owner, next } = await loadFixture(deployed);
    await expect(treasury.transferOwnership(next))
      .to.emit(treasury, "OwnershipTransferStarted")
      .withArgs(owner, next);
    expect(await treasury.owner()).to.equal(owner.address);
    await expect(treasury.connect(next).getFunction("acceptOwnership")())
      .to.emit(treasury, "OwnershipTransferred")
      .withArgs(owner, next);
  });

  it("lets nobody else accept", async () => {
    const { treasury, next, other } = await loadFixture(deployed);
    await treasury.transferOwnership(next);
    await expect(treasury.connect(other).getFunction("acceptOwnership")())
      .to.be.revertedWithCustomError(treasury, "OwnableUnauthorizedAccount")
      .withArgs(other);
  });

  it("can be renounced", async () => {
    const { treasury, owner } = await loadFixture(deployed);
    await treasury.renounceOwnership();
    expect(await treasury.owner()).to.equal(ZERO);
    await expect(treasury.pay(owner, 1n)).to.be.revertedWithCustomError(
      treasury,
      "OwnableUnauthorizedAccount",
    );
  });

  it("refuses a constructor without owner", async () => {
    const { treasury } = await loadFixture(deployed);
    await expect(ethers.deployContract("Treasury", [ZERO]))
      .to.be.revertedWithCustomError(treasury, "OwnableInvalidOwner")
      .withArgs(ZERO);
  });

  it("pays ether", async () => {
    const { treasury, next, owner } = await loadFixture(deployed);
    const payment = await treasury.pay(next, parseEther("2"));
    await expect(payment).to.changeEtherBalances(
      [treasury, next, owner],
      [parseEther("-2"), parseEther("2"), 0n],
    );
    await expect(payment).to.changeEtherBalance(next, parseEther("2"));
  });

  it("cannot pay more than it has", async () => {
    const { treasury, next } = await loadFixture(deployed);
    await expect(treasury.pay(next, parseEther("6"))).to.be.revertedWith("Treasury: not sent");
  });

  it("obeys an impersonated contract that owns it", async () => {
    const { next } = await loadFixture(deployed);
    const parent = await ethers.deployContract("Treasury", [next]);
    const child = await ethers.deployContract("Treasury", [parent]);
    const address = await parent.getAddress();
    await impersonateAccount(address);
    await setBalance(address, parseEther("1"));
    const signer = await ethers.getSigner(address);
    await expect(child.connect(signer).getFunction("pay")(next, 0n)).to.emit(child, "Paid");
    await stopImpersonatingAccount(address);
    const refused = await failureOf(child.connect(signer).getFunction("pay")(next, 0n));
    expect(refused.message).to.equal(`Unknown account ${address}`);
  });
});

describe("VestingWallet", () => {
  async function deployed() {
    const [owner, beneficiary] = await ethers.getSigners();
    const start = (await time.latest()) + DAY;
    const wallet = await ethers.deployContract("Vesting", [beneficiary, start, 100 * DAY], {
      value: parseEther("100"),
    });
    const coin = await ethers.deployContract("Coin");
    await coin.mint(wallet, 1000n);
    return { wallet, coin, owner, beneficiary, start };
  }

  it("releases nothing before it starts", async () => {
    const { wallet, beneficiary } = await loadFixture(deployed);
    expect(await wallet.getFunction("releasable()")()).to.equal(0n);
    await expect(wallet.getFunction("release()")()).to.changeEtherBalance(beneficiary, 0n);
  });

  for (const percent of [1, 25, 50, 99]) {
    it(`has vested ${percent}% after ${percent} days`, async () => {
      const { wallet, coin, start, beneficiary } = await loadFixture(deployed);
      await time.setNextBlockTimestamp(start + percent * DAY);
      await expect(wallet.getFunction("release()")()).to.changeEtherBalance(
        beneficiary,
        parseEther(String(percent)),
      );
      await time.setNextBlockTimestamp(start + percent * DAY + 1);
      await expect(wallet.getFunction("release(address)")(coin))
        .to.emit(wallet, "ERC20Released")
        .withArgs(coin, BigInt(percent * 10));
    });
  }

  it("releases all at the end and what comes later at once", async () => {
    const { wallet, owner, beneficiary, start } = await loadFixture(deployed);
    await time.increaseTo(start + 101 * DAY);
    await wallet.getFunction("release()")();
    await owner.sendTransaction({ to: wallet, value: 7n });
    await expect(wallet.getFunction("release()")()).to.changeEtherBalance(beneficiary, 7n);
  });
});

describe("TimelockController", () => {
  async function deployed() {
    const [admin, proposer, executor, other] = await ethers.getSigners();
    const timelock = await ethers.deployContract("Timelock", [DAY, [proposer], [executor], admin]);
    const treasury = await ethers.deployContract("Treasury", [timelock]);
    await admin.sendTransaction({ to: treasury, value: parseEther("1") });
    const data = treasury.interface.encodeFunctionData("pay", [other.address, 5n]);
    const operation = [await treasury.getAddress(), 0n, data, ZeroHash, id("salt")] as const;
    const key = await timelock.hashOperation(...operation);
    return { timelock, treasury, admin, proposer, executor, other, operation, key };
  }

  async function scheduled() {
    const context = await loadFixture(deployed);
    const { timelock, proposer, operation } = context;
    await timelock.connect(proposer).getFunction("schedule")(...operation, DAY);
    return context;
  }

  it("schedules", async () => {
    const { timelock, proposer, operation, key } = await loadFixture(deployed);
    await expect(timelock.connect(proposer).getFunction("schedule")(...operation, DAY))
      .to.emit(timelock, "CallScheduled")
      .withArgs(key, 0n, operation[0], 0n, operation[2], ZeroHash, DAY)
      .and.to.emit(timelock, "CallSalt")
      .withArgs(key, id("salt"));
    expect(await timelock.getTimestamp(key)).to.equal((await time.latest()) + DAY);
  });

  it("refuses who may not propose, and a delay that is too short", async () => {
    const { timelock, proposer, other, operation } = await loadFixture(deployed);
    await expect(timelock.connect(other).getFunction("schedule")(...operation, DAY))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(other, id("PROPOSER_ROLE"));
    await expect(timelock.connect(proposer).getFunction("schedule")(...operation, DAY - 1))
      .to.be.revertedWithCustomError(timelock, "TimelockInsufficientDelay")
      .withArgs(DAY - 1, DAY);
  });

  it("does not schedule twice", async () => {
    const { timelock, proposer, operation, key } = await loadFixture(scheduled);
    await expect(timelock.connect(proposer).getFunction("schedule")(...operation, DAY))
      .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
      .withArgs(key, `0x${"1".padStart(64, "0")}`);
  });

  it("does not execute a second too early", async () => {
    const { timelock, executor, operation, key } = await loadFixture(scheduled);
    await time.setNextBlockTimestamp((await timelock.getTimestamp(key)) - 1n);
    await expect(
      timelock.connect(executor).getFunction("execute")(...operation),
    ).to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState");
  });

  it("executes on time", async () => {
    const { timelock, treasury, executor, other, operation, key } = await loadFixture(scheduled);
    await time.setNextBlockTimestamp(await timelock.getTimestamp(key));
    const execution = timelock.connect(executor).getFunction("execute")(...operation);
    await expect(execution).to.changeEtherBalances([treasury, other], [-5n, 5n]);
    await expect(execution)
      .to.emit(timelock, "CallExecuted")
      .withArgs(key, 0n, operation[0], 0n, operation[2]);
    expect(await timelock.isOperationDone(key)).to.equal(true);
  });

  it("cancels", async () => {
    const { timelock, proposer, executor, operation, key } = await loadFixture(scheduled);
    await expect(timelock.connect(proposer).getFunction("cancel")(key))
      .to.emit(timelock, "Cancelled")
      .withArgs(key);
    await time.increase(2 * DAY);
    await expect(timelock.connect(executor).getFunction("execute")(...operation)).to.be.reverted;
  });

  it("executes a batch, or none of it", async () => {
    const { timelock, treasury, proposer, executor, other } = await loadFixture(deployed);
    const pay = (amount: bigint) =>
      treasury.interface.encodeFunctionData("pay", [other.address, amount]);
    const address = await treasury.getAddress();
    const good = [[address, address], [0n, 0n], [pay(1n), pay(2n)], ZeroHash, id("good")] as const;
    const bad = [
      [address, address],
      [0n, 0n],
      [pay(1n), pay(parseEther("9"))],
      ZeroHash,
      id("bad"),
    ] as const;
    for (const batch of [good, bad]) {
      await timelock.connect(proposer).getFunction("scheduleBatch")(...batch, DAY);
    }
    await time.increase(DAY);
    await expect(
      timelock.connect(executor).getFunction("executeBatch")(...good),
    ).to.changeEtherBalance(other, 3n);
    await expect(timelock.connect(executor).getFunction("executeBatch")(...bad)).to.be.revertedWith(
      "Treasury: not sent",
    );
  });

  it("changes its delay only by itself", async () => {
    const { timelock, admin } = await loadFixture(deployed);
    await expect(timelock.updateDelay(1n))
      .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
      .withArgs(admin);
  });
});

describe("Governor with votes and timelock", () => {
  async function deployed() {
    const [admin, proposer, forIt, against, abstains, other] = await ethers.getSigners();
    const coin = await ethers.deployContract("VoteCoin");
    const timelock = await ethers.deployContract("Timelock", [DAY, [], [], admin]);
    const council = await ethers.deployContract("Council", [coin, timelock]);
    for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE"]) {
      await timelock.grantRole(id(role), council);
    }
    await timelock.grantRole(id("EXECUTOR_ROLE"), ZERO);
    const shares = [
      [proposer, "10"],
      [forIt, "30"],
      [against, "20"],
      [abstains, "5"],
    ] as const;
    for (const [voter, amount] of shares) {
      await coin.mint(voter, parseEther(amount));
      await coin.connect(voter).getFunction("delegate")(voter);
    }
    const treasury = await ethers.deployContract("Treasury", [timelock]);
    await admin.sendTransaction({ to: treasury, value: 1000n });
    const description = "Pay the other one";
    const action = [
      [await treasury.getAddress()],
      [0n],
      [treasury.interface.encodeFunctionData("pay", [other.address, 11n])],
    ] as const;
    const hash = keccak256(toUtf8Bytes(description));
    const key: bigint = await council.getProposalId(...action, hash);
    return {
      council,
      coin,
      timelock,
      treasury,
      proposer,
      forIt,
      against,
      abstains,
      other,
      action,
      description,
      hash,
      key,
    };
  }

  async function proposed() {
    const context = await loadFixture(deployed);
    const { council, proposer, action, description } = context;
    await council.connect(proposer).getFunction("propose")(...action, description);
    return context;
  }

  async function open() {
    const context = await loadFixture(proposed);
    await mine(3);
    return context;
  }

  async function passed() {
    const context = await loadFixture(open);
    await context.council.connect(context.forIt).getFunction("castVote")(context.key, 1n);
    await mine(11);
    return context;
  }

  const state = async (context: Awaited<ReturnType<typeof deployed>>) =>
    Number(await context.council.state(context.key));

  it("proposes with an event that tells all", async () => {
    const { council, proposer, action, description, key } = await loadFixture(deployed);
    const number = await time.latestBlock();
    await expect(council.connect(proposer).getFunction("propose")(...action, description))
      .to.emit(council, "ProposalCreated")
      .withArgs(
        key,
        proposer,
        action[0],
        action[1],
        [""],
        action[2],
        number + 3,
        number + 13,
        description,
      );
  });

  it("refuses a proposer with too few votes", async () => {
    const { council, other, action, description } = await loadFixture(deployed);
    await expect(council.connect(other).getFunction("propose")(...action, description))
      .to.be.revertedWithCustomError(council, "GovernorInsufficientProposerVotes")
      .withArgs(other, 0n, parseEther("5"));
  });

  it("refuses the same proposal again", async () => {
    const { council, proposer, action, description, key } = await loadFixture(proposed);
    await expect(council.connect(proposer).getFunction("propose")(...action, description))
      .to.be.revertedWithCustomError(council, "GovernorUnexpectedProposalState")
      .withArgs(key, 0n, ZeroHash);
  });

  it("refuses an unknown proposal", async () => {
    const { council } = await loadFixture(deployed);
    await expect(council.state(1n))
      .to.be.revertedWithCustomError(council, "GovernorNonexistentProposal")
      .withArgs(1n);
  });

  it("takes no votes before they open", async () => {
    const { council, forIt, key } = await loadFixture(proposed);
    await expect(
      council.connect(forIt).getFunction("castVote")(key, 1n),
    ).to.be.revertedWithCustomError(council, "GovernorUnexpectedProposalState");
  });

  it("counts votes for, against and neither", async () => {
    const { council, forIt, against, abstains, key } = await loadFixture(open);
    await expect(council.connect(forIt).getFunction("castVoteWithReason")(key, 1n, "I like it"))
      .to.emit(council, "VoteCast")
      .withArgs(forIt, key, 1n, parseEther("30"), "I like it");
    await council.connect(against).getFunction("castVote")(key, 0n);
    await council.connect(abstains).getFunction("castVote")(key, 2n);
    expect(await council.proposalVotes(key)).to.deep.equal([
      parseEther("20"),
      parseEther("30"),
      parseEther("5"),
    ]);
    expect(await council.hasVoted(key, forIt)).to.equal(true);
  });

  it("takes one vote of each", async () => {
    const { council, forIt, key } = await loadFixture(open);
    await council.connect(forIt).getFunction("castVote")(key, 1n);
    await expect(council.connect(forIt).getFunction("castVote")(key, 1n))
      .to.be.revertedWithCustomError(council, "GovernorAlreadyCastVote")
      .withArgs(forIt);
  });

  it("refuses a vote that is none", async () => {
    const { council, forIt, key } = await loadFixture(open);
    await expect(
      council.connect(forIt).getFunction("castVote")(key, 3n),
    ).to.be.revertedWithCustomError(council, "GovernorInvalidVoteType");
  });

  it("goes by the votes at the snapshot", async () => {
    const { council, coin, forIt, other, key } = await loadFixture(open);
    await coin.connect(forIt).getFunction("transfer")(other, parseEther("30"));
    await expect(council.connect(forIt).getFunction("castVote")(key, 1n))
      .to.emit(council, "VoteCast")
      .withArgs(forIt, key, 1n, parseEther("30"), "");
  });

  it("is defeated by votes against", async () => {
    const context = await loadFixture(open);
    await context.council.connect(context.against).getFunction("castVote")(context.key, 0n);
    await mine(11);
    expect(await state(context)).to.equal(3);
  });

  it("is defeated without a quorum", async () => {
    const context = await loadFixture(open);
    await mine(11);
    expect(await state(context)).to.equal(3);
    expect(await context.council.quorum((await time.latestBlock()) - 1)).to.equal(
      parseEther("2.6"),
    );
  });

  it("succeeds, waits in the timelock, and is executed", async () => {
    const context = await loadFixture(passed);
    const { council, treasury, action, hash, key, other } = context;
    expect(await state(context)).to.equal(4);
    await expect(council.queue(...action, hash))
      .to.emit(council, "ProposalQueued")
      .withArgs(key, anyValue);
    expect(await state(context)).to.equal(5);
    const timelock = await ethers.getContractAt("Timelock", ZERO);
    await expect(council.execute(...action, hash)).to.be.revertedWithCustomError(
      timelock,
      "TimelockUnexpectedOperationState",
    );
    await time.increaseTo(await council.proposalEta(key));
    const execution = council.execute(...action, hash);
    await expect(execution).to.emit(treasury, "Paid").withArgs(other, 11n);
    await expect(execution).to.changeEtherBalance(other, 11n);
    expect(await state(context)).to.equal(7);
  });

  it("is not executed before it is queued", async () => {
    const { council, action, hash } = await loadFixture(passed);
    await expect(council.execute(...action, hash)).to.be.reverted;
  });

  it("is cancelled by its proposer while it is pending", async () => {
    const context = await loadFixture(proposed);
    const { council, proposer, other, action, hash } = context;
    await expect(
      council.connect(other).getFunction("cancel")(...action, hash),
    ).to.be.revertedWithCustomError(council, "GovernorUnableToCancel");
    await council.connect(proposer).getFunction("cancel")(...action, hash);
    expect(await state(context)).to.equal(2);
  });

  it("changes its own settings only by a proposal", async () => {
    const { council } = await loadFixture(deployed);
    await expect(council.setVotingDelay(1n)).to.be.revertedWithCustomError(
      council,
      "GovernorOnlyExecutor",
    );
  });
});
