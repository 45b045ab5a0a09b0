/** ERC-4337 accounts behind the EntryPoint 0.8, and an EIP-7702 account. */
import { anyUint, anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture, setBalance, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { concat, type HDNodeWallet, parseEther, toBeHex, zeroPadValue } from "ethers";
import { ethers } from "hardhat";
import { failureOf, request, wallet, ZERO } from "./support";

/** Where Simple7702Account expects the EntryPoint. */
const ENTRY_POINT = "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108";

interface Operation {
  sender: string;
  nonce: bigint;
  initCode: string;
  callData: string;
  accountGasLimits: string;
  preVerificationGas: bigint;
  gasFees: string;
  paymasterAndData: string;
  signature: string;
}

const pack = (left: bigint, right: bigint) => concat([toBeHex(left, 16), toBeHex(right, 16)]);

async function deployed() {
  const [bundler, beneficiary, other] = await ethers.getSigners();
  const entryPoint = await ethers.deployContract("EntryPoint");
  const factory = await ethers.deployContract("SimpleAccountFactory", [entryPoint]);
  const tally = await ethers.deployContract("Tally");
  const paymaster = await ethers.deployContract("OpenPaymaster", [entryPoint]);
  await paymaster.deposit({ value: parseEther("1") });
  const owner = wallet(5);
  const sender: string = await factory.getFunction("getAddress(address,uint256)")(owner, 1n);
  const initCode = concat([
    await factory.getAddress(),
    factory.interface.encodeFunctionData("createAccount", [owner.address, 1n]),
  ]);
  const abi = (await ethers.getContractFactory("SimpleAccount")).interface;
  const count = async (calls = 1) => {
    const call = [await tally.getAddress(), 0n, tally.interface.encodeFunctionData("add")];
    return calls === 1
      ? abi.encodeFunctionData("execute", call)
      : abi.encodeFunctionData("executeBatch", [Array.from({ length: calls }, () => call)]);
  };
  const operation = async (
    changes: Partial<Operation> = {},
    signer: HDNodeWallet = owner,
  ): Promise<Operation> => {
    const op: Operation = {
      sender,
      nonce: await entryPoint.getNonce(changes.sender ?? sender, 0n),
      initCode: "0x",
      callData: await count(),
      accountGasLimits: pack(500_000n, 300_000n),
      preVerificationGas: 50_000n,
      gasFees: pack(10n ** 9n, 5n * 10n ** 9n),
      paymasterAndData: "0x",
      signature: "0x",
      ...changes,
    };
    if (op.signature === "0x") {
      op.signature = signer.signingKey.sign(await entryPoint.getUserOpHash(op)).serialized;
    }
    return op;
  };
  const handle = (...ops: Operation[]) =>
    entryPoint.connect(bundler).getFunction("handleOps")(ops, beneficiary, {
      gasLimit: 5_000_000n,
    });
  return {
    bundler,
    beneficiary,
    other,
    entryPoint,
    factory,
    tally,
    paymaster,
    owner,
    sender,
    initCode,
    abi,
    count,
    operation,
    handle,
  };
}

async function living() {
  const context = await loadFixture(deployed);
  await setBalance(context.sender, parseEther("2"));
  await context.handle(await context.operation({ initCode: context.initCode }));
  const account = await ethers.getContractAt("SimpleAccount", context.sender);
  return { ...context, account };
}

describe("EntryPoint", () => {
  it("creates an account with its first operation", async () => {
    const { sender, initCode, operation, handle, entryPoint, factory, tally, owner } =
      await loadFixture(deployed);
    await setBalance(sender, parseEther("1"));
    const op = await operation({ initCode });
    const hash = await entryPoint.getUserOpHash(op);
    await expect(handle(op))
      .to.emit(entryPoint, "AccountDeployed")
      .withArgs(hash, sender, factory, ZERO)
      .and.to.emit(entryPoint, "UserOperationEvent")
      .withArgs(hash, sender, ZERO, 0n, true, anyUint, anyUint)
      .and.to.emit(tally, "Counted")
      .withArgs(sender, 1n);
    const account = await ethers.getContractAt("SimpleAccount", sender);
    expect(await account.owner()).to.equal(owner.address);
  });

  it("has a hash by EIP-712", async () => {
    const { entryPoint, operation } = await loadFixture(deployed);
    const op = await operation();
    const { chainId } = await ethers.provider.getNetwork();
    const hash = ethers.TypedDataEncoder.hash(
      {
        name: "ERC4337",
        version: "1",
        chainId,
        verifyingContract: await entryPoint.getAddress(),
      },
      {
        PackedUserOperation: [
          { name: "sender", type: "address" },
          { name: "nonce", type: "uint256" },
          { name: "initCode", type: "bytes" },
          { name: "callData", type: "bytes" },
          { name: "accountGasLimits", type: "bytes32" },
          { name: "preVerificationGas", type: "uint256" },
          { name: "gasFees", type: "bytes32" },
          { name: "paymasterAndData", type: "bytes" },
        ],
      },
      op,
    );
    expect(await entryPoint.getUserOpHash(op)).to.equal(hash);
  });

  it("makes the account pay, and the beneficiary gain", async () => {
    const { operation, handle, beneficiary, entryPoint, sender } = await loadFixture(living);
    const before = await ethers.provider.getBalance(beneficiary);
    const transaction = await handle(await operation());
    const receipt = await transaction.wait();
    const event = receipt?.logs
      .map((log: { topics: string[]; data: string }) => entryPoint.interface.parseLog(log))
      .find((log: { name: string } | null) => log?.name === "UserOperationEvent");
    const gained = (await ethers.provider.getBalance(beneficiary)) - before;
    expect(gained).to.equal(event?.args.actualGasCost);
    expect(event?.args.sender).to.equal(sender);
  });

  it("refuses a wrong signature", async () => {
    const { operation, handle, entryPoint } = await loadFixture(living);
    await expect(handle(await operation({}, wallet(6))))
      .to.be.revertedWithCustomError(entryPoint, "FailedOp")
      .withArgs(0n, "AA24 signature error");
  });

  it("refuses a signature that is none, with the account's own error inside", async () => {
    const { operation, handle, entryPoint } = await loadFixture(living);
    await expect(handle(await operation({ signature: "0x1234" })))
      .to.be.revertedWithCustomError(entryPoint, "FailedOpWithRevert")
      .withArgs(0n, "AA23 reverted", anyValue);
  });

  it("refuses a nonce again, and takes those of other keys", async () => {
    const { operation, handle, entryPoint, sender } = await loadFixture(living);
    await expect(handle(await operation({ nonce: 0n })))
      .to.be.revertedWithCustomError(entryPoint, "FailedOp")
      .withArgs(0n, "AA25 invalid account nonce");
    await handle(await operation({ nonce: 7n << 64n }));
    expect(await entryPoint.getNonce(sender, 7n)).to.equal((7n << 64n) + 1n);
  });

  it("refuses an account that does not exist", async () => {
    const { operation, handle, entryPoint, other } = await loadFixture(deployed);
    await expect(handle(await operation({ sender: other.address })))
      .to.be.revertedWithCustomError(entryPoint, "FailedOp")
      .withArgs(0n, "AA20 account not deployed");
  });

  it("refuses an account that cannot pay", async () => {
    const { operation, handle, entryPoint, sender } = await loadFixture(living);
    const deposit = await entryPoint.balanceOf(sender);
    await setBalance(sender, 0n);
    await expect(handle(await operation({ preVerificationGas: deposit })))
      .to.be.revertedWithCustomError(entryPoint, "FailedOp")
      .withArgs(0n, "AA21 didn't pay prefund");
  });

  it("takes an operation whose call fails, and says why it failed", async () => {
    const { operation, handle, entryPoint, abi, tally, sender } = await loadFixture(living);
    const callData = abi.encodeFunctionData("execute", [
      await tally.getAddress(),
      0n,
      tally.interface.encodeFunctionData("fail"),
    ]);
    const op = await operation({ callData });
    await expect(handle(op))
      .to.emit(entryPoint, "UserOperationRevertReason")
      .withArgs(await entryPoint.getUserOpHash(op), sender, op.nonce, anyValue)
      .and.to.emit(entryPoint, "UserOperationEvent")
      .withArgs(anyValue, sender, ZERO, op.nonce, false, anyUint, anyUint);
  });

  it("executes a batch of calls", async () => {
    const { operation, handle, count, tally, sender } = await loadFixture(living);
    await handle(await operation({ callData: await count(4) }));
    expect(await tally.count(sender)).to.equal(5n);
  });

  it("handles several operations, and names the one that is wrong", async () => {
    const { operation, handle, entryPoint, tally, sender } = await loadFixture(living);
    const first = await operation({ nonce: 1n << 64n });
    const second = await operation({ nonce: 2n << 64n });
    const wrong = await operation({ nonce: 3n << 64n }, wallet(6));
    await expect(handle(first, second, wrong))
      .to.be.revertedWithCustomError(entryPoint, "FailedOp")
      .withArgs(2n, "AA24 signature error");
    await handle(first, second);
    expect(await tally.count(sender)).to.equal(3n);
  });

  it("lets a paymaster pay", async () => {
    const { operation, handle, paymaster, entryPoint, sender } = await loadFixture(living);
    const paymasterAndData = concat([
      await paymaster.getAddress(),
      toBeHex(200_000n, 16),
      toBeHex(100_000n, 16),
    ]);
    const before = await entryPoint.balanceOf(paymaster);
    const op = await operation({ paymasterAndData });
    await expect(handle(op)).to.emit(paymaster, "Paid").withArgs(sender, anyUint);
    expect(await entryPoint.balanceOf(paymaster)).to.be.lessThan(before);
    await paymaster.setBlocked(sender, true);
    await expect(handle(await operation({ paymasterAndData })))
      .to.be.revertedWithCustomError(entryPoint, "FailedOpWithRevert")
      .withArgs(0n, "AA33 reverted", anyValue);
  });

  it("refuses the zero address as beneficiary", async () => {
    const { operation, entryPoint } = await loadFixture(living);
    await expect(
      entryPoint.handleOps([await operation()], ZERO, { gasLimit: 3_000_000n }),
    ).to.be.revertedWith("AA90 invalid beneficiary");
  });

  it("keeps deposits and stakes", async () => {
    const { entryPoint, other } = await loadFixture(deployed);
    await expect(entryPoint.depositTo(other, { value: 100n }))
      .to.emit(entryPoint, "Deposited")
      .withArgs(other, 100n);
    await entryPoint.addStake(60n, { value: 5n });
    await expect(entryPoint.withdrawStake(other)).to.be.revertedWith(
      "must call unlockStake() first",
    );
    await entryPoint.unlockStake();
    await expect(entryPoint.withdrawStake(other)).to.be.revertedWith("Stake withdrawal is not due");
    await ethers.provider.send("evm_increaseTime", [61]);
    await expect(entryPoint.withdrawStake(other)).to.changeEtherBalance(other, 5n);
  });

  it("tells the address an account would have, by a revert", async () => {
    const { entryPoint, initCode, sender } = await loadFixture(deployed);
    await expect(entryPoint.getSenderAddress(initCode))
      .to.be.revertedWithCustomError(entryPoint, "SenderAddressResult")
      .withArgs(sender);
  });
});

describe("SimpleAccount", () => {
  it("obeys its owner directly", async () => {
    const { account, owner, tally, sender, other } = await loadFixture(living);
    const data = tally.interface.encodeFunctionData("add");
    await account.connect(owner).getFunction("execute")(tally, 0n, data);
    expect(await tally.count(sender)).to.equal(2n);
    await expect(account.connect(other).getFunction("execute")(tally, 0n, data)).to.be.revertedWith(
      "account: not Owner or EntryPoint",
    );
  });

  it("sends ether and withdraws its deposit", async () => {
    const { account, owner, other } = await loadFixture(living);
    await expect(
      account.connect(owner).getFunction("execute")(other, 77n, "0x"),
    ).to.changeEtherBalances([account, other], [-77n, 77n]);
    await account.addDeposit({ value: 500n });
    await expect(
      account.connect(owner).getFunction("withdrawDepositTo")(other, 500n),
    ).to.changeEtherBalance(other, 500n);
  });

  it("is made by the EntryPoint's creator only", async () => {
    const { factory, owner } = await loadFixture(living);
    await expect(factory.createAccount(owner, 2n)).to.be.revertedWith(
      "only callable from SenderCreator",
    );
  });

  it("wraps the error of a batch with its index", async () => {
    const { account, owner, tally } = await loadFixture(living);
    const address = await tally.getAddress();
    const call = (name: string) => [address, 0n, tally.interface.encodeFunctionData(name)];
    await expect(account.connect(owner).getFunction("executeBatch")([call("add"), call("fail")]))
      .to.be.revertedWithCustomError(account, "ExecuteError")
      .withArgs(1n, anyValue);
  });

  it("shows the way through proxy and account in the stack trace", async () => {
    const { account, owner, tally } = await loadFixture(living);
    const data = tally.interface.encodeFunctionData("fail");
    const failure = await failureOf(
      account.connect(owner).getFunction("execute").staticCall(tally, 0n, data),
    );
    expect(failure.message).to.equal(
      "VM Exception while processing transaction: reverted with reason string 'Tally: no'",
    );
    expect(failure.frames[0]).to.match(/^at Tally\.fail/);
  });
});

describe("EIP-7702 account", () => {
  async function delegated() {
    const context = await loadFixture(deployed);
    await setCode(ENTRY_POINT, await ethers.provider.getCode(context.entryPoint));
    const implementation = await ethers.deployContract("Simple7702Account");
    const authority = wallet(7);
    const authorization = await authority.authorize({
      address: await implementation.getAddress(),
      nonce: 0,
      chainId: 31337,
    });
    const sponsor = wallet(8);
    const raw = await sponsor.signTransaction({
      type: 4,
      chainId: 31337,
      nonce: 0,
      to: authority.address,
      gasLimit: 200_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 9n,
      authorizationList: [authorization],
    });
    const hash = await request("eth_sendRawTransaction", raw);
    const account = await ethers.getContractAt("Simple7702Account", authority.address);
    return { ...context, implementation, authority, sponsor, hash, account, authorization };
  }

  it("has the delegation as its code", async () => {
    const { implementation, authority } = await loadFixture(delegated);
    expect(await ethers.provider.getCode(authority.address)).to.equal(
      concat(["0xef0100", await implementation.getAddress()]),
    );
    expect(await ethers.provider.getTransactionCount(authority.address)).to.equal(1);
  });

  it("is shown in transaction and receipt", async () => {
    const { hash, authorization, implementation } = await loadFixture(delegated);
    const transaction = (await request("eth_getTransactionByHash", hash)) as {
      type: string;
      authorizationList: { address: string; nonce: string; chainId: string }[];
    }; // as a set-code transaction is shown
    expect(transaction.type).to.equal("0x4");
    expect(transaction.authorizationList[0]?.address).to.equal(
      (await implementation.getAddress()).toLowerCase(),
    );
    expect(BigInt(transaction.authorizationList[0]?.nonce ?? "0x9")).to.equal(authorization.nonce);
  });

  it("executes a batch for itself", async () => {
    const { account, authority, tally } = await loadFixture(delegated);
    const call = [await tally.getAddress(), 0n, tally.interface.encodeFunctionData("add")];
    await account.connect(authority).getFunction("executeBatch")([call, call, call]);
    expect(await tally.count(authority)).to.equal(3n);
  });

  it("does not obey others", async () => {
    const { account, tally } = await loadFixture(delegated);
    await expect(account.execute(tally, 0n, "0x")).to.be.revertedWith(
      "not from self or EntryPoint",
    );
  });

  it("receives ether and tokens as an account does", async () => {
    const { authority, other } = await loadFixture(delegated);
    await expect(
      other.sendTransaction({ to: authority, value: 5n, data: "0x12345678" }),
    ).to.changeEtherBalance(authority, 5n);
    const collection = await ethers.deployContract("Collection");
    await expect(collection.safeMint(authority, 1n)).not.to.be.reverted;
  });

  it("answers ERC-1271", async () => {
    const { account, authority } = await loadFixture(delegated);
    const hash = ethers.id("something");
    const good = authority.signingKey.sign(hash).serialized;
    const bad = wallet(6).signingKey.sign(hash).serialized;
    expect(await account.isValidSignature(hash, good)).to.equal("0x1626ba7e");
    expect(await account.isValidSignature(hash, bad)).to.equal("0xffffffff");
  });

  it("takes user operations", async () => {
    const { authority, tally, abi, bundler, beneficiary } = await loadFixture(delegated);
    const entryPoint = await ethers.getContractAt("EntryPoint", ENTRY_POINT);
    const op = {
      sender: authority.address,
      nonce: 0n,
      initCode: zeroPadValue("0x", 0),
      callData: abi.encodeFunctionData("execute", [
        await tally.getAddress(),
        0n,
        tally.interface.encodeFunctionData("add"),
      ]),
      accountGasLimits: pack(500_000n, 300_000n),
      preVerificationGas: 50_000n,
      gasFees: pack(10n ** 9n, 5n * 10n ** 9n),
      paymasterAndData: "0x",
      signature: "0x",
    };
    op.signature = authority.signingKey.sign(await entryPoint.getUserOpHash(op)).serialized;
    await expect(
      entryPoint.connect(bundler).getFunction("handleOps")([op], beneficiary, {
        gasLimit: 3_000_000n,
      }),
    )
      .to.emit(tally, "Counted")
      .withArgs(authority, 1n);
  });

  it("is given up by a delegation to zero", async () => {
    const { authority, sponsor } = await loadFixture(delegated);
    const authorization = await authority.authorize({ address: ZERO, nonce: 1, chainId: 31337 });
    const raw = await sponsor.signTransaction({
      type: 4,
      chainId: 31337,
      nonce: 1,
      to: authority.address,
      gasLimit: 200_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 9n,
      authorizationList: [authorization],
    });
    await request("eth_sendRawTransaction", raw);
    expect(await ethers.provider.getCode(authority.address)).to.equal("0x");
  });

  it("ignores an authorization with a wrong nonce", async () => {
    const { authority, sponsor, implementation } = await loadFixture(delegated);
    const authorization = await authority.authorize({ address: ZERO, nonce: 9, chainId: 31337 });
    const raw = await sponsor.signTransaction({
      type: 4,
      chainId: 31337,
      nonce: 1,
      to: authority.address,
      gasLimit: 200_000n,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 10n ** 9n,
      authorizationList: [authorization],
    });
    await request("eth_sendRawTransaction", raw);
    expect(await ethers.provider.getCode(authority.address)).to.equal(
      concat(["0xef0100", await implementation.getAddress()]),
    );
  });
});
