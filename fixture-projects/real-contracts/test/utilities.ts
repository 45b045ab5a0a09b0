/** OpenZeppelin's utilities: cryptography, structures, numbers, calls, guards. */
import { loadFixture, setBalance, setCode } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import {
  concat,
  getCreate2Address,
  hashMessage,
  id,
  keccak256,
  parseEther,
  toUtf8Bytes,
  ZeroHash,
} from "ethers";
import { ethers } from "hardhat";
import { failureOf, hashPair, MAX, merkleTree, wallet, ZERO } from "./support";

async function cryptography() {
  return ethers.deployContract("Cryptography");
}

async function structures() {
  return ethers.deployContract("Structures");
}

async function numbers() {
  return ethers.deployContract("Numbers");
}

describe("ECDSA", () => {
  const hash = hashMessage("words");

  it("recovers who signed", async () => {
    const contract = await loadFixture(cryptography);
    const signature = await wallet(3).signMessage("words");
    expect(await contract.recover(hash, signature)).to.equal(wallet(3).address);
  });

  it("recovers from parts and from the compact form", async () => {
    const contract = await loadFixture(cryptography);
    const { v, r, s, yParityAndS } = ethers.Signature.from(await wallet(3).signMessage("words"));
    expect(await contract.recoverParts(hash, v, r, s)).to.equal(wallet(3).address);
    expect(await contract.recoverCompact(hash, r, yParityAndS)).to.equal(wallet(3).address);
  });

  it("recovers what eth_sign and personal_sign give", async () => {
    const contract = await loadFixture(cryptography);
    const [, , , signer] = await ethers.getSigners();
    const message = "0x1234";
    const signed = hashMessage(Buffer.from("1234", "hex"));
    for (const [method, params] of [
      ["eth_sign", [signer.address, message]],
      ["personal_sign", [message, signer.address]],
    ] as const) {
      const signature = await ethers.provider.send(method, [...params]);
      expect(await contract.recover(signed, signature)).to.equal(signer.address);
    }
  });

  it("refuses a signature of a wrong length", async () => {
    const contract = await loadFixture(cryptography);
    await expect(contract.recover(hash, "0x1234"))
      .to.be.revertedWithCustomError(contract, "ECDSAInvalidSignatureLength")
      .withArgs(2n);
  });

  it("refuses a malleable signature", async () => {
    const contract = await loadFixture(cryptography);
    const { v, r, s } = ethers.Signature.from(await wallet(3).signMessage("words"));
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = `0x${(order - BigInt(s)).toString(16)}`;
    await expect(contract.recoverParts(hash, v === 27 ? 28 : 27, r, high))
      .to.be.revertedWithCustomError(contract, "ECDSAInvalidSignatureS")
      .withArgs(high);
  });

  it("refuses a signature of nobody", async () => {
    const contract = await loadFixture(cryptography);
    await expect(contract.recoverParts(hash, 27, ZeroHash, ZeroHash)).to.be.revertedWithCustomError(
      contract,
      "ECDSAInvalidSignature",
    );
  });

  it("hashes personal messages", async () => {
    const contract = await loadFixture(cryptography);
    for (const text of ["", "a", "x".repeat(200)]) {
      expect(await contract.personalHash(toUtf8Bytes(text))).to.equal(hashMessage(text));
    }
  });

  it("hashes by precompile", async () => {
    const contract = await loadFixture(cryptography);
    expect(await contract.hashes("0x616263")).to.deep.equal([
      keccak256("0x616263"),
      "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "0x8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
    ]);
  });

  it("verifies P256 by precompile", async () => {
    const contract = await loadFixture(cryptography);
    // RFC 6979, A.2.5: P-256 with SHA-256, message "sample"
    const vector = [
      "0xaf2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf",
      "0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
      "0x0834e36ad29a83bf2bc9385e491d6099c8fdf9d1ed67aa7ea5f51f93782857a9",
      "0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
      "0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    ];
    expect(await contract.p256(...vector)).to.equal(true);
    expect(await contract.p256(id("other"), ...vector.slice(1))).to.equal(false);
  });
});

describe("MerkleProof", () => {
  const leaves = Array.from({ length: 8 }, (_, i) => id(`leaf ${i}`));
  const tree = merkleTree(leaves);

  it("proves each leaf", async () => {
    const contract = await loadFixture(cryptography);
    for (const [index, leaf] of leaves.entries()) {
      expect(await contract.verify(tree.proof(index), tree.root, leaf)).to.equal(true);
    }
  });

  it("does not prove another leaf, or with another proof", async () => {
    const contract = await loadFixture(cryptography);
    expect(await contract.verify(tree.proof(0), tree.root, id("none"))).to.equal(false);
    expect(await contract.verify(tree.proof(1), tree.root, leaves[0])).to.equal(false);
    expect(await contract.verify([], tree.root, leaves[0])).to.equal(false);
  });

  it("proves several leaves at once", async () => {
    const contract = await loadFixture(cryptography);
    const small = merkleTree(leaves.slice(0, 4));
    const right = hashPair(leaves[2] ?? "", leaves[3]);
    expect(
      await contract.multiVerify([right], [true, false], small.root, leaves.slice(0, 2)),
    ).to.equal(true);
    await expect(
      contract.multiVerify([right], [true], small.root, leaves.slice(0, 2)),
    ).to.be.revertedWithCustomError(contract, "MerkleProofInvalidMultiproof");
  });
});

describe("Data structures", () => {
  const who = (index: number) => wallet(index).address;

  it("EnumerableSet adds once, removes by swapping", async () => {
    const contract = await loadFixture(structures);
    for (const index of [0, 1, 2]) {
      await expect(contract.add(who(index)))
        .to.emit(contract, "Answer")
        .withArgs(true);
    }
    await expect(contract.add(who(1)))
      .to.emit(contract, "Answer")
      .withArgs(false);
    await expect(contract.remove(who(0)))
      .to.emit(contract, "Answer")
      .withArgs(true);
    await expect(contract.remove(who(0)))
      .to.emit(contract, "Answer")
      .withArgs(false);
    expect(await contract.all()).to.deep.equal([who(2), who(1)]);
  });

  it("EnumerableSet has nothing past its end", async () => {
    const contract = await loadFixture(structures);
    await contract.add(who(0));
    await expect(contract.at(1n)).to.be.revertedWithPanic(0x32);
  });

  it("EnumerableMap gets, replaces, removes", async () => {
    const contract = await loadFixture(structures);
    await expect(contract.mapSet(5n, who(0)))
      .to.emit(contract, "Answer")
      .withArgs(true);
    await expect(contract.mapSet(5n, who(1)))
      .to.emit(contract, "Answer")
      .withArgs(false);
    expect(await contract.mapGet(5n)).to.equal(who(1));
    expect(await contract.mapKeys()).to.deep.equal([5n]);
    await contract.mapRemove(5n);
    await expect(contract.mapGet(5n))
      .to.be.revertedWithCustomError(contract, "EnumerableMapNonexistentKey")
      .withArgs(`0x${"5".padStart(64, "0")}`);
  });

  it("Checkpoints are found by key, and in order", async () => {
    const contract = await loadFixture(structures);
    for (const [key, value] of [
      [10n, 100n],
      [20n, 200n],
      [30n, 300n],
      [30n, 333n],
    ]) {
      await contract.checkpoint(key, value);
    }
    expect(await contract.lookups(20n)).to.deep.equal([200n, 200n, 200n]);
    expect(await contract.lookups(25n)).to.deep.equal([333n, 200n, 200n]);
    expect(await contract.lookups(5n)).to.deep.equal([100n, 0n, 0n]);
    expect(await contract.lookups(99n)).to.deep.equal([0n, 333n, 333n]);
    await expect(contract.checkpoint(29n, 1n)).to.be.revertedWithCustomError(
      contract,
      "CheckpointUnorderedInsertion",
    );
  });

  it("a queue has two ends", async () => {
    const contract = await loadFixture(structures);
    await contract.pushBack(id("b"));
    await contract.pushFront(id("a"));
    await contract.pushBack(id("c"));
    expect(await contract.queueAt(0n)).to.equal(id("a"));
    await contract.popFront();
    expect(await contract.queueAt(0n)).to.equal(id("b"));
    await contract.popFront();
    await contract.popFront();
    await expect(contract.popFront()).to.be.revertedWithPanic(0x31);
    await expect(contract.queueAt(0n)).to.be.revertedWithPanic(0x32);
  });

  it("bits are set and cleared", async () => {
    const contract = await loadFixture(structures);
    await contract.setBit(1000n, true);
    expect(await contract.bit(1000n)).to.equal(true);
    expect(await contract.bit(1001n)).to.equal(false);
    await contract.setBit(1000n, false);
    expect(await contract.bit(1000n)).to.equal(false);
  });

  it("a heap gives the least first", async () => {
    const contract = await loadFixture(structures);
    for (const value of [5n, 3n, 9n, 1n]) {
      await contract.insert(value);
    }
    const popped = [];
    for (let i = 0; i < 4; i++) {
      popped.push(await contract.peek());
      await contract.pop();
    }
    expect(popped).to.deep.equal([1n, 3n, 5n, 9n]);
    await expect(contract.pop()).to.be.revertedWithPanic(0x31);
  });

  it("sorts and searches arrays", async () => {
    const contract = await loadFixture(structures);
    const values = Array.from({ length: 40 }, (_, i) => BigInt((i * 7919) % 101));
    const sorted = [...values].sort((a, b) => Number(a - b));
    expect(await contract.sort(values)).to.deep.equal(sorted);
    await contract.setSorted(sorted);
    expect(await contract.lowerBound(50n)).to.equal(sorted.findIndex((value) => value >= 50n));
  });
});

describe("Numbers and strings", () => {
  it("writes numbers", async () => {
    const contract = await loadFixture(numbers);
    expect(await contract.text(0n)).to.deep.equal(["0", "0x00", ZeroHash]);
    expect(await contract.text(MAX)).to.deep.equal([
      MAX.toString(),
      `0x${"f".repeat(64)}`,
      `0x${"f".repeat(64)}`,
    ]);
    expect(await contract.signedText(-(2n ** 255n))).to.equal((-(2n ** 255n)).toString());
  });

  it("writes addresses", async () => {
    const contract = await loadFixture(numbers);
    const { address } = wallet(0);
    expect(await contract.addressText(address)).to.deep.equal([address.toLowerCase(), address]);
    expect(await contract.addressText(address)).to.satisfy(
      ([, checksummed]: [string, string]) => checksummed === ethers.getAddress(address),
    );
  });

  it("reads numbers", async () => {
    const contract = await loadFixture(numbers);
    expect(await contract.parse("123456")).to.equal(123456n);
    await expect(contract.parse("12x")).to.be.revertedWithCustomError(
      contract,
      "StringsInvalidChar",
    );
    await expect(contract.parse(`${MAX}0`)).to.be.revertedWithPanic(0x11);
  });

  it("encodes Base64", async () => {
    const contract = await loadFixture(numbers);
    for (const text of ["", "f", "fo", "foo", "foob", "??>>"]) {
      expect(await contract.base64(toUtf8Bytes(text))).to.deep.equal([
        Buffer.from(text).toString("base64"),
        Buffer.from(text).toString("base64url"),
      ]);
    }
  });

  it("refuses what is too long for a short string", async () => {
    const contract = await loadFixture(numbers);
    await expect(contract.shortString("x".repeat(32)))
      .to.be.revertedWithCustomError(contract, "StringTooLong")
      .withArgs("x".repeat(32));
  });

  it("casts, or says what does not fit", async () => {
    const contract = await loadFixture(numbers);
    expect(await contract.to8(255n)).to.equal(255n);
    await expect(contract.to8(256n))
      .to.be.revertedWithCustomError(contract, "SafeCastOverflowedUintDowncast")
      .withArgs(8n, 256n);
    await expect(contract.toSigned(2n ** 255n)).to.be.revertedWithCustomError(
      contract,
      "SafeCastOverflowedUintToInt",
    );
    await expect(contract.toUnsigned(-1n))
      .to.be.revertedWithCustomError(contract, "SafeCastOverflowedIntToUint")
      .withArgs(-1n);
  });

  it("multiplies and divides with 512 bits between", async () => {
    const contract = await loadFixture(numbers);
    const cases = [
      [MAX, MAX, MAX],
      [2n ** 200n + 7n, 2n ** 120n + 3n, 2n ** 150n - 1n],
      [10n, 10n, 3n],
    ] as const;
    for (const [a, b, c] of cases) {
      expect(await contract.mulDiv(a, b, c)).to.equal((a * b) / c);
      expect(await contract.mulDivUp(a, b, c)).to.equal((a * b + c - 1n) / c);
    }
    await expect(contract.mulDiv(MAX, MAX, 1n)).to.be.revertedWithPanic(0x11);
    await expect(contract.mulDiv(1n, 1n, 0n)).to.be.revertedWithPanic(0x12);
  });

  it("takes roots, powers and inverses", async () => {
    const contract = await loadFixture(numbers);
    for (const root of [0n, 1n, 2n, 2n ** 100n + 1n, 2n ** 128n - 1n]) {
      expect(await contract.sqrt(root * root)).to.equal(root);
    }
    expect(await contract.modExp(3n, 200n, 50n)).to.equal(1n);
    await expect(contract.modExp(3n, 200n, 0n)).to.be.revertedWithPanic(0x12);
    expect(await contract.invMod(3n, 7n)).to.equal(5n);
    expect(await contract.invMod(2n, 4n)).to.equal(0n);
  });

  for (const code of [0x01, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32, 0x41, 0x51]) {
    it(`panics with 0x${code.toString(16)} and its meaning`, async () => {
      const contract = await loadFixture(numbers);
      await expect(contract.panic(code)).to.be.revertedWithPanic(code);
      const { message } = await failureOf(contract.panic(code));
      expect(message).to.match(
        new RegExp(
          `^VM Exception while processing transaction: reverted with panic code 0x${code.toString(16)} \\(`,
        ),
      );
    });
  }

  it("makes several calls in one, or none", async () => {
    const contract = await loadFixture(numbers);
    const { interface: abi } = contract;
    const calls = [
      abi.encodeFunctionData("sqrt", [81n]),
      abi.encodeFunctionData("signedText", [-5n]),
    ];
    const answers = await contract.multicall.staticCall(calls);
    expect(abi.decodeFunctionResult("sqrt", answers[0])).to.deep.equal([9n]);
    await expect(
      contract.multicall([...calls, abi.encodeFunctionData("panic", [0x32])]),
    ).to.be.revertedWithPanic(0x32);
  });
});

for (const name of ["Guarded", "TransientlyGuarded"]) {
  describe(`Reentrancy: ${name}`, () => {
    async function deployed() {
      const guarded = await ethers.deployContract(name);
      const polite = await ethers.deployContract("Poker", [false]);
      const back = await ethers.deployContract("Poker", [true]);
      return { guarded, polite, back };
    }

    it("lets a call through, and the next one too", async () => {
      const { guarded, polite } = await loadFixture(deployed);
      await guarded.getFunction("once")(polite);
      await guarded.getFunction("once")(polite);
      expect(await guarded.count()).to.equal(2n);
    });

    it("refuses to be entered again", async () => {
      const { guarded, back } = await loadFixture(deployed);
      await expect(guarded.getFunction("once")(back)).to.be.revertedWithCustomError(
        guarded,
        "ReentrancyGuardReentrantCall",
      );
      expect(await guarded.count()).to.equal(0n);
    });

    if (name === "TransientlyGuarded") {
      it("can be entered twice in one transaction, one after the other", async () => {
        const { guarded, polite } = await loadFixture(deployed);
        await guarded.twice(polite);
        expect(await guarded.count()).to.equal(2n);
      });
    }
  });
}

describe("Create2", () => {
  async function deployed() {
    return ethers.deployContract("Factory2");
  }

  it("deploys where it says", async () => {
    const factory = await loadFixture(deployed);
    const { bytecode } = await ethers.getContractFactory("NotUpgradeable");
    const at = getCreate2Address(await factory.getAddress(), id("salt"), keccak256(bytecode));
    expect(await factory.predict(id("salt"), keccak256(bytecode))).to.equal(at);
    await expect(factory.deploy(0n, id("salt"), bytecode))
      .to.emit(factory, "Deployed")
      .withArgs(at);
    await expect(factory.deploy(0n, id("salt"), bytecode)).to.be.revertedWithCustomError(
      factory,
      "FailedDeployment",
    );
  });

  it("needs the ether it gives, and code", async () => {
    const factory = await loadFixture(deployed);
    const { bytecode } = await ethers.getContractFactory("NotUpgradeable");
    await expect(factory.deploy(1n, id("salt"), bytecode))
      .to.be.revertedWithCustomError(factory, "InsufficientBalance")
      .withArgs(0n, 1n);
    await expect(factory.deploy(0n, id("salt"), "0x")).to.be.revertedWithCustomError(
      factory,
      "Create2EmptyBytecode",
    );
  });

  it("passes on what the constructor says", async () => {
    const factory = await loadFixture(deployed);
    const treasury = await ethers.getContractFactory("Treasury");
    const { data } = await treasury.getDeployTransaction(ZERO);
    await expect(factory.deploy(0n, id("salt"), data))
      .to.be.revertedWithCustomError(treasury, "OwnableInvalidOwner")
      .withArgs(ZERO);
  });
});

describe("Address", () => {
  async function deployed() {
    const [owner, alice] = await ethers.getSigners();
    const contract = await ethers.deployContract("Addresses");
    const failing = await ethers.deployContract("Failing");
    await setBalance(await contract.getAddress(), parseEther("1"));
    return { contract, failing, owner, alice };
  }

  it("sends ether", async () => {
    const { contract, alice } = await loadFixture(deployed);
    await expect(contract.send(alice, 5n)).to.changeEtherBalances([contract, alice], [-5n, 5n]);
  });

  it("has no more than it has", async () => {
    const { contract, alice } = await loadFixture(deployed);
    await expect(contract.send(alice, parseEther("2")))
      .to.be.revertedWithCustomError(contract, "InsufficientBalance")
      .withArgs(parseEther("1"), parseEther("2"));
  });

  it("passes on reasons, custom errors and panics; without one it has its own", async () => {
    const { contract, failing } = await loadFixture(deployed);
    const call = (name: string, args: unknown[] = []) =>
      contract.call(failing, failing.interface.encodeFunctionData(name, args), 0n);
    await expect(call("reason", ["because"])).to.be.revertedWith("because");
    await expect(call("nothing")).to.be.revertedWithCustomError(failing, "Nothing");
    await expect(call("outOfBounds", [1n])).to.be.revertedWithPanic(0x32);
    await expect(call("noReason")).to.be.revertedWithCustomError(contract, "FailedCall");
  });

  it("refuses a target without code", async () => {
    const { contract, alice } = await loadFixture(deployed);
    await expect(contract.call(alice, "0x", 0n))
      .to.be.revertedWithCustomError(contract, "AddressEmptyCode")
      .withArgs(alice);
  });

  it("reads, and cannot write while it reads", async () => {
    const { contract, failing } = await loadFixture(deployed);
    const read = failing.interface.encodeFunctionData("written");
    expect(await contract.read(failing, read)).to.equal(ZeroHash);
    await expect(
      contract.read(failing, failing.interface.encodeFunctionData("writes")),
    ).to.be.revertedWithCustomError(contract, "FailedCall");
  });

  it("borrows code", async () => {
    const { contract, failing } = await loadFixture(deployed);
    await contract.borrow(failing, failing.interface.encodeFunctionData("writes"));
    expect(await failing.written()).to.equal(0n);
    expect(await ethers.provider.getStorage(contract, 0)).to.equal(`0x${"1".padStart(64, "0")}`);
  });

  it("runs code that a test has put there", async () => {
    const { contract, alice } = await loadFixture(deployed);
    // PUSH1 7 PUSH0 MSTORE PUSH1 32 PUSH0 RETURN
    await setCode(alice.address, "0x60075f5260205ff3");
    expect(await contract.read(alice, "0x")).to.equal(`0x${"7".padStart(64, "0")}`);
    expect(concat(["0x"])).to.equal("0x");
  });
});
