/** What a developer sees when something fails: whole messages, data, and Solidity stack traces. */
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Contract } from "ethers";
import { parseEther } from "ethers";
import { ethers } from "hardhat";
import { failureOf, request, wallet } from "./support";

const PREFIX = "VM Exception while processing transaction: ";
const EXAMPLES: readonly {
  readonly call: string;
  readonly args?: readonly unknown[];
  readonly message: string;
}[] = [
  { call: "reason", args: ["Why not"], message: `${PREFIX}reverted with reason string 'Why not'` },
  {
    call: "reason",
    args: ["it's “quoted”\n"],
    message: `${PREFIX}reverted with reason string 'it's “quoted”\n'`,
  },
  { call: "noReason", message: "Transaction reverted without a reason string" },
  { call: "emptyReason", message: `${PREFIX}reverted with reason string ''` },
  { call: "nothing", message: `${PREFIX}reverted with custom error 'Nothing()'` },
  {
    call: "assertion",
    message: `${PREFIX}reverted with panic code 0x1 (Assertion error)`,
  },
  {
    call: "overflow",
    args: [1n],
    message: `${PREFIX}reverted with panic code 0x11 (Arithmetic operation overflowed outside of an unchecked block)`,
  },
  {
    call: "division",
    args: [0n],
    message: `${PREFIX}reverted with panic code 0x12 (Division or modulo division by zero)`,
  },
  {
    call: "enumeration",
    args: [2n],
    message: `${PREFIX}reverted with panic code 0x21 (Tried to convert a value into an enum, but the value was too big or negative)`,
  },
  {
    call: "outOfBounds",
    args: [0n],
    message: `${PREFIX}reverted with panic code 0x32 (Array accessed at an out-of-bounds or negative index)`,
  },
  {
    call: "popEmpty",
    message: `${PREFIX}reverted with panic code 0x31 (.pop() was called on an empty array)`,
  },
  {
    call: "tooMuchMemory",
    args: [2n ** 64n],
    message: `${PREFIX}reverted with panic code 0x41 (Too much memory was allocated, or an array was created that is too large)`,
  },
  {
    call: "noPointer",
    message: `${PREFIX}reverted with panic code 0x51 (Called a zero-initialized variable of internal function type)`,
  },
  { call: "invalid", message: `${PREFIX}invalid opcode` },
  { call: "payable_", message: `${PREFIX}reverted with reason string 'more than one ether'` },
  { call: "recursion", args: [3n], message: `${PREFIX}reverted with reason string 'the bottom'` },
];

describe("Failure messages", () => {
  async function deployed() {
    const [owner, other] = await ethers.getSigners();
    const failing = await ethers.deployContract("Failing");
    return { failing, owner, other };
  }

  for (const { call, args = [], message } of EXAMPLES) {
    const title = `${call}(${args.join()})`.replace("\n", "");
    for (const way of ["staticCall", "send", "estimateGas"] as const) {
      it(`${way} of ${title}`, async () => {
        const { failing } = await loadFixture(deployed);
        const method = failing.getFunction(call);
        const overrides = way === "send" ? [{ gasLimit: 1_000_000n }] : [];
        const failure = await failureOf(method[way](...args, ...overrides));
        expect(failure.message).to.equal(message);
        expect(failure.frames[0]).to.match(/^at Failing\.\S+ \(contracts\/Utilities\.sol:\d+\)$/);
      });
    }
  }

  it("custom errors show their arguments", async () => {
    const { failing, owner } = await loadFixture(deployed);
    const everything = await failureOf(failing.everything());
    expect(everything.message).to.equal(
      `${PREFIX}reverted with custom error 'Everything(${2n ** 200n}, "text “quoted” 'single'", "${owner.address}", "0x12345678", true, [0, -1, 0])'`,
    );
    const nested = await failureOf(failing.nested());
    expect(nested.message).to.match(/^VM Exception.*reverted with custom error 'Nested\(/);
    expect(failing.interface.parseError(String(nested.data))?.name).to.equal("Nested");
  });

  it("a custom error of a contract that nobody compiled", async () => {
    const { other } = await loadFixture(deployed);
    // PUSH4 0xdeadbeef PUSH0 MSTORE PUSH1 4 PUSH1 28 REVERT
    await request("hardhat_setCode", other.address, "0x63deadbeef5f526004601cfd");
    const failure = await failureOf(other.provider.call({ to: other, data: "0x" }));
    expect(failure.message).to.equal(
      `${PREFIX}reverted with an unrecognized custom error (return data: 0xdeadbeef)`,
    );
    expect(failure.frames).to.deep.equal([
      `at <UnrecognizedContract>.<unknown> (${other.address.toLowerCase()})`,
    ]);
  });

  it("what cannot be called", async () => {
    const { failing, owner } = await loadFixture(deployed);
    const to = await failing.getAddress();
    const fails = async (transaction: object) =>
      (await failureOf(owner.sendTransaction({ to, gasLimit: 200_000n, ...transaction }))).message;
    expect(await fails({ data: "0x12345678" })).to.equal(
      "Transaction reverted: function selector was not recognized and there's no fallback function",
    );
    expect(await fails({ value: 1n })).to.equal(
      "Transaction reverted: function selector was not recognized and there's no fallback nor receive function",
    );
    const data = failing.interface.encodeFunctionData("writes");
    expect(await fails({ data, value: 1n })).to.equal(
      "Transaction reverted: non-payable function was called with value 1",
    );
    const overflow = failing.interface.getFunction("overflow")?.selector;
    expect(await fails({ data: overflow })).to.equal(
      "Transaction reverted: function was called with incorrect parameters",
    );
  });

  it("out of gas, above and below", async () => {
    const { failing } = await loadFixture(deployed);
    const top = await failureOf(failing.forever({ gasLimit: 100_000n }));
    expect(top.message).to.equal("Transaction ran out of gas");
    const inner = await failureOf(failing.recursion(50n, { gasLimit: 60_000n }));
    expect(inner.message).to.match(/ran out of gas|run out of gas/);
  });

  it("a caught failure is none", async () => {
    const { failing } = await loadFixture(deployed);
    const text = await failing.caught.staticCall(failing, Buffer.from("fine"));
    expect(text).to.equal("fine");
    await expect(failing.caught(failing, Buffer.from("fine"))).not.to.be.reverted;
  });

  it("a failing constructor names itself", async () => {
    const { message, frames } = await failureOf(ethers.deployContract("CappedCoin", [0n]));
    expect(message).to.equal(`${PREFIX}reverted with custom error 'ERC20InvalidCap(0)'`);
    expect(frames.at(-1)).to.match(/^at .*constructor \(.*\.sol:\d+\)$/);
  });

  it("a stack trace goes through libraries, modifiers and several contracts", async () => {
    const { owner, other } = await loadFixture(deployed);
    const spender = await ethers.deployContract("Spender");
    const coin = await ethers.deployContract("Coin");
    const { frames } = await failureOf(spender.pay(coin, other, 5n));
    expect(frames[0]).to.match(/^at Coin\._update|^at ERC20\._update|^at Coin\./);
    expect(frames.at(-1)).to.match(/^at Spender\.pay \(contracts\/Tokens\.sol:\d+\)$/);
    const paused = await failureOf(coin.connect(other).getFunction("pause")());
    expect(paused.frames.some((frame) => /Ownable.*\.sol/.test(frame))).to.equal(true);
    expect(owner.address).not.to.equal(other.address);
  });
});

describe("Transactions that cannot be sent", () => {
  async function deployed() {
    const [owner, other] = await ethers.getSigners();
    return { owner, other };
  }
  const send = (transaction: object) => request("eth_sendTransaction", transaction);

  it("nonce too low and too high", async () => {
    const { owner, other } = await loadFixture(deployed);
    await owner.sendTransaction({ to: other, value: 1n });
    const from = owner.address;
    const next = await owner.getNonce();
    expect((await failureOf(send({ from, to: from, nonce: "0x0" }))).message).to.equal(
      `Nonce too low. Expected nonce to be ${next} but got 0. Note that transactions can't be queued when automining.`,
    );
    expect((await failureOf(send({ from, to: from, nonce: "0xffff" }))).message).to.equal(
      `Nonce too high. Expected nonce to be ${next} but got 65535. Note that transactions can't be queued when automining.`,
    );
  });

  it("too little ether", async () => {
    const { owner, other } = await loadFixture(deployed);
    const failure = await failureOf(
      owner.sendTransaction({ to: other, value: parseEther("1000000"), gasLimit: 21_000n }),
    );
    expect(failure.message).to.match(
      /^Sender doesn't have enough funds to send tx\. The max upfront cost is: \d+ and the sender's balance is: \d+\.$/,
    );
  });

  it("too little gas, too much gas", async () => {
    const { owner, other } = await loadFixture(deployed);
    const to = other.address;
    expect((await failureOf(owner.sendTransaction({ to, gasLimit: 20_999n }))).message).to.equal(
      "Transaction requires at least 21000 gas but got 20999",
    );
    expect(
      (await failureOf(owner.sendTransaction({ to, gasLimit: 60_000_001n }))).message,
    ).to.equal("Transaction gas limit is 60000001 and exceeds transaction gas cap of 16777216");
  });

  it("a fee under the base fee", async () => {
    const { owner, other } = await loadFixture(deployed);
    const failure = await failureOf(
      owner.sendTransaction({ to: other, maxFeePerGas: 1n, maxPriorityFeePerGas: 0n }),
    );
    expect(failure.message).to.match(
      /^Transaction maxFeePerGas \(1\) is too low for the next block, which has a baseFeePerGas of \d+$/,
    );
  });

  it("an account nobody has the key of", async () => {
    const { other } = await loadFixture(deployed);
    const from = ethers.getAddress(`0x${"ab".repeat(20)}`);
    expect((await failureOf(send({ from, to: other.address }))).message).to.equal(
      `Unknown account ${from}`,
    );
  });

  it("a transaction for another chain", async () => {
    await loadFixture(deployed);
    const raw = await wallet(1).signTransaction({
      to: wallet(2).address,
      chainId: 5,
      nonce: 0,
      gasLimit: 21_000n,
      gasPrice: 10n ** 10n,
      type: 0,
    });
    expect((await failureOf(request("eth_sendRawTransaction", raw))).message).to.equal(
      "Trying to send an incompatible EIP-155 transaction, signed for another chain.",
    );
  });

  it("a contract that is too large", async () => {
    await loadFixture(deployed);
    // PUSH2 0x6001 PUSH0 RETURN: 24577 bytes of zeros
    const from = wallet(0).address;
    const failure = await failureOf(send({ from, data: "0x6160015ff3", gas: "0xf42400" }));
    expect(failure.message).to.equal(
      "Transaction reverted: trying to deploy a contract whose code is too large",
    );
  });

  it("a revert is mined all the same", async () => {
    const { owner } = await loadFixture(deployed);
    const failing = await ethers.deployContract("Failing");
    const nonce = await owner.getNonce();
    const failure = await failureOf(failing.getFunction("noReason").send({ gasLimit: 100_000n }));
    expect(failure.message).to.equal("Transaction reverted without a reason string");
    expect(await owner.getNonce()).to.equal(nonce + 1);
    const block = await ethers.provider.getBlock("latest");
    const receipt = await ethers.provider.getTransactionReceipt(block?.transactions[0] ?? "");
    expect(receipt?.status).to.equal(0);
  });
});

describe("Known and unknown contracts", () => {
  async function callOf(contract: Contract, name: string) {
    return failureOf(contract.getFunction(name)());
  }

  it("a contract that lies at another address than it was compiled for is still known", async () => {
    const failing = await ethers.deployContract("Failing");
    const code = await ethers.provider.getCode(failing);
    const elsewhere = `0x${"12".repeat(20)}`;
    await request("hardhat_setCode", elsewhere, code);
    const copy = new ethers.Contract(elsewhere, failing.interface, ethers.provider);
    const { frames } = await callOf(copy, "noReason");
    expect(frames[0]).to.match(/^at Failing\.noReason \(contracts\/Utilities\.sol:\d+\)$/);
  });
});
