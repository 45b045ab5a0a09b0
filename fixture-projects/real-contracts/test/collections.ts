/** ERC721 of three libraries, and OpenZeppelin's ERC1155. */
import { anyUint, anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Contract } from "ethers";
import { ethers } from "hardhat";
import { ZERO } from "./support";

const MANNERS = ["Good", "WrongAnswer", "CustomError", "Reason", "Panic", "Silent"];

function receiver(manners: string) {
  return ethers.deployContract("Receiver", [MANNERS.indexOf(manners)]);
}

const safeTransfer = "safeTransferFrom(address,address,uint256)";
const safeTransferWithData = "safeTransferFrom(address,address,uint256,bytes)";

type Expectation = (
  promise: Promise<unknown>,
  collection: Contract,
  ...args: unknown[]
) => Promise<void>;

interface Kind {
  readonly name: string;
  readonly alreadyMinted: Expectation;
  readonly unknown: Expectation;
  readonly notAuthorized: Expectation;
  readonly wrongOwner: Expectation;
  readonly unsafe: Expectation;
}

const custom =
  (name: string, withArguments = true): Expectation =>
  async (promise, collection, ...args) => {
    const matched = expect(promise).to.be.revertedWithCustomError(collection, name);
    await (withArguments ? matched.withArgs(...args) : matched);
  };
const reason =
  (text: string): Expectation =>
  async (promise) => {
    await expect(promise).to.be.revertedWith(text);
  };

const KINDS: readonly Kind[] = [
  {
    name: "Collection",
    alreadyMinted: custom("ERC721InvalidSender", false),
    unknown: custom("ERC721NonexistentToken", false),
    notAuthorized: custom("ERC721InsufficientApproval", false),
    wrongOwner: custom("ERC721IncorrectOwner", false),
    unsafe: custom("ERC721InvalidReceiver", false),
  },
  {
    name: "SolmateCollection",
    alreadyMinted: reason("ALREADY_MINTED"),
    unknown: reason("NOT_MINTED"),
    notAuthorized: reason("NOT_AUTHORIZED"),
    wrongOwner: reason("WRONG_FROM"),
    unsafe: reason("UNSAFE_RECIPIENT"),
  },
  {
    name: "SoladyCollection",
    alreadyMinted: custom("TokenAlreadyExists", false),
    unknown: custom("TokenDoesNotExist", false),
    notAuthorized: custom("NotOwnerNorApproved", false),
    wrongOwner: custom("TransferFromIncorrectOwner", false),
    unsafe: custom("TransferToNonERC721ReceiverImplementer", false),
  },
];

for (const kind of KINDS) {
  describe(`ERC721: ${kind.name}`, () => {
    async function deployed() {
      const [owner, alice, bob, carol] = await ethers.getSigners();
      const collection = await ethers.deployContract(kind.name);
      await collection.mint(owner, 1n);
      await collection.mint(owner, 2n);
      return { collection, owner, alice, bob, carol };
    }

    it("mints", async () => {
      const { collection, alice } = await loadFixture(deployed);
      await expect(collection.mint(alice, 7n))
        .to.emit(collection, "Transfer")
        .withArgs(ZERO, alice, 7n);
      expect(await collection.ownerOf(7n)).to.equal(alice.address);
      expect(await collection.balanceOf(alice)).to.equal(1n);
    });

    it("does not mint twice", async () => {
      const { collection, alice } = await loadFixture(deployed);
      await kind.alreadyMinted(collection.mint(alice, 1n), collection);
    });

    it("knows no owner of what was not minted", async () => {
      const { collection } = await loadFixture(deployed);
      await kind.unknown(collection.ownerOf(9n), collection);
    });

    it("transfers", async () => {
      const { collection, owner, alice } = await loadFixture(deployed);
      await expect(collection.transferFrom(owner, alice, 1n))
        .to.emit(collection, "Transfer")
        .withArgs(owner, alice, 1n);
      expect(await collection.ownerOf(1n)).to.equal(alice.address);
      expect(await collection.balanceOf(owner)).to.equal(1n);
    });

    it("refuses a stranger", async () => {
      const { collection, owner, alice } = await loadFixture(deployed);
      await kind.notAuthorized(
        collection.connect(alice).getFunction("transferFrom")(owner, alice, 1n),
        collection,
      );
    });

    it("refuses the wrong owner", async () => {
      const { collection, alice, bob } = await loadFixture(deployed);
      await kind.wrongOwner(collection.transferFrom(alice, bob, 1n), collection);
    });

    it("lets who is approved transfer, once", async () => {
      const { collection, owner, alice, bob } = await loadFixture(deployed);
      await expect(collection.approve(alice, 1n))
        .to.emit(collection, "Approval")
        .withArgs(owner, alice, 1n);
      expect(await collection.getApproved(1n)).to.equal(alice.address);
      await collection.connect(alice).getFunction("transferFrom")(owner, bob, 1n);
      expect(await collection.getApproved(1n)).to.equal(ZERO);
    });

    it("lets an operator transfer everything", async () => {
      const { collection, owner, alice } = await loadFixture(deployed);
      await expect(collection.setApprovalForAll(alice, true))
        .to.emit(collection, "ApprovalForAll")
        .withArgs(owner, alice, true);
      for (const id of [1n, 2n]) {
        await collection.connect(alice).getFunction("transferFrom")(owner, alice, id);
      }
      expect(await collection.balanceOf(alice)).to.equal(2n);
    });

    it("burns", async () => {
      const { collection, owner } = await loadFixture(deployed);
      await expect(collection.burn(1n)).to.emit(collection, "Transfer").withArgs(owner, ZERO, 1n);
      await kind.unknown(collection.ownerOf(1n), collection);
    });

    it("transfers safely to an account", async () => {
      const { collection, owner, alice } = await loadFixture(deployed);
      await expect(collection.getFunction(safeTransfer)(owner, alice, 1n)).not.to.be.reverted;
    });

    it("transfers safely to a contract and tells it", async () => {
      const { collection, owner } = await loadFixture(deployed);
      const good = await receiver("Good");
      await expect(collection.getFunction(safeTransferWithData)(owner, good, 1n, "0xc0ffee"))
        .to.emit(good, "Received")
        .withArgs(owner, owner, 1n, "0xc0ffee", anyUint);
    });

    it("mints safely to a contract and tells it", async () => {
      const { collection, owner } = await loadFixture(deployed);
      const good = await receiver("Good");
      await expect(collection.safeMint(good, 5n))
        .to.emit(good, "Received")
        .withArgs(owner, ZERO, 5n, "0x", anyValue);
    });

    it("refuses a contract that answers wrongly", async () => {
      const { collection, owner } = await loadFixture(deployed);
      const wrong = await receiver("WrongAnswer");
      await kind.unsafe(collection.getFunction(safeTransfer)(owner, wrong, 1n), collection);
      expect(await collection.ownerOf(1n)).to.equal(owner.address);
    });

    it("passes on the receiver's custom error, reason and panic", async () => {
      const { collection, owner } = await loadFixture(deployed);
      const refusing = await receiver("CustomError");
      await expect(collection.getFunction(safeTransfer)(owner, refusing, 1n))
        .to.be.revertedWithCustomError(refusing, "Refused")
        .withArgs(collection, 1n);
      await expect(
        collection.getFunction(safeTransfer)(owner, await receiver("Reason"), 1n),
      ).to.be.revertedWith("Receiver: not this one");
      await expect(
        collection.getFunction(safeTransfer)(owner, await receiver("Panic"), 1n),
      ).to.be.revertedWithPanic(0x12);
    });

    it("supports the interfaces of ERC165 and ERC721", async () => {
      const { collection } = await loadFixture(deployed);
      expect(await collection.supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await collection.supportsInterface("0x80ac58cd")).to.equal(true);
      expect(await collection.supportsInterface("0xffffffff")).to.equal(false);
    });
  });
}

describe("ERC721Enumerable and ERC721URIStorage", () => {
  async function deployed() {
    const [owner, alice] = await ethers.getSigners();
    const collection = await ethers.deployContract("Collection");
    for (const id of [10n, 20n, 30n]) {
      await collection.mint(owner, id);
    }
    return { collection, owner, alice };
  }

  async function all(collection: Contract): Promise<bigint[]> {
    const ids: bigint[] = [];
    for (let i = 0n; i < (await collection.totalSupply()); i++) {
      ids.push(await collection.tokenByIndex(i));
    }
    return ids;
  }

  it("lists all tokens", async () => {
    const { collection } = await loadFixture(deployed);
    expect(await all(collection)).to.deep.equal([10n, 20n, 30n]);
  });

  it("lists an owner's tokens", async () => {
    const { collection, owner, alice } = await loadFixture(deployed);
    await collection.transferFrom(owner, alice, 10n);
    expect(await collection.tokenOfOwnerByIndex(alice, 0n)).to.equal(10n);
    expect(await collection.tokenOfOwnerByIndex(owner, 0n)).to.equal(30n);
  });

  it("fills the gap of a burnt token with the last one", async () => {
    const { collection } = await loadFixture(deployed);
    await collection.burn(10n);
    expect(await all(collection)).to.deep.equal([30n, 20n]);
  });

  it("refuses an index past the end", async () => {
    const { collection, owner } = await loadFixture(deployed);
    await expect(collection.tokenByIndex(3n))
      .to.be.revertedWithCustomError(collection, "ERC721OutOfBoundsIndex")
      .withArgs(ZERO, 3n);
    await expect(collection.tokenOfOwnerByIndex(owner, 3n))
      .to.be.revertedWithCustomError(collection, "ERC721OutOfBoundsIndex")
      .withArgs(owner, 3n);
  });

  it("joins base URI and token URI, and says when metadata change", async () => {
    const { collection } = await loadFixture(deployed);
    expect(await collection.tokenURI(10n)).to.equal("ipfs://items/10");
    await expect(collection.setURI(10n, "ten.json"))
      .to.emit(collection, "MetadataUpdate")
      .withArgs(10n);
    expect(await collection.tokenURI(10n)).to.equal("ipfs://items/ten.json");
    await expect(collection.tokenURI(11n))
      .to.be.revertedWithCustomError(collection, "ERC721NonexistentToken")
      .withArgs(11n);
  });
});

describe("ERC1155", () => {
  async function deployed() {
    const [owner, alice, bob] = await ethers.getSigners();
    const items = await ethers.deployContract("Items");
    await items.mint(owner, 1n, 100n, "0x");
    await items.mintBatch(owner, [2n, 3n], [200n, 300n], "0x");
    return { items, owner, alice, bob };
  }

  it("mints one kind", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    await expect(items.mint(alice, 9n, 5n, "0x"))
      .to.emit(items, "TransferSingle")
      .withArgs(owner, ZERO, alice, 9n, 5n);
    expect(await items.getFunction("totalSupply(uint256)")(9n)).to.equal(5n);
  });

  it("mints several kinds", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    await expect(items.mintBatch(alice, [7n, 8n], [1n, 2n], "0x"))
      .to.emit(items, "TransferBatch")
      .withArgs(owner, ZERO, alice, [7n, 8n], [1n, 2n]);
  });

  it("tells balances in one call", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    expect(await items.balanceOfBatch([owner, alice, owner], [1n, 1n, 3n])).to.deep.equal([
      100n,
      0n,
      300n,
    ]);
    await expect(items.balanceOfBatch([owner], [1n, 2n]))
      .to.be.revertedWithCustomError(items, "ERC1155InvalidArrayLength")
      .withArgs(2n, 1n);
  });

  it("transfers one kind", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    await expect(items.safeTransferFrom(owner, alice, 1n, 40n, "0x"))
      .to.emit(items, "TransferSingle")
      .withArgs(owner, owner, alice, 1n, 40n);
    expect(await items.balanceOf(owner, 1n)).to.equal(60n);
  });

  it("transfers several kinds", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    await items.safeBatchTransferFrom(owner, alice, [1n, 2n], [1n, 2n], "0x");
    expect(await items.balanceOfBatch([alice, alice], [1n, 2n])).to.deep.equal([1n, 2n]);
  });

  it("refuses more than there is", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    await expect(items.safeTransferFrom(owner, alice, 1n, 101n, "0x"))
      .to.be.revertedWithCustomError(items, "ERC1155InsufficientBalance")
      .withArgs(owner, 100n, 101n, 1n);
  });

  it("refuses an operator without approval", async () => {
    const { items, owner, alice } = await loadFixture(deployed);
    await expect(items.connect(alice).getFunction("safeTransferFrom")(owner, alice, 1n, 1n, "0x"))
      .to.be.revertedWithCustomError(items, "ERC1155MissingApprovalForAll")
      .withArgs(alice, owner);
  });

  it("lets an approved operator transfer", async () => {
    const { items, owner, alice, bob } = await loadFixture(deployed);
    await items.setApprovalForAll(alice, true);
    await expect(items.connect(alice).getFunction("safeTransferFrom")(owner, bob, 1n, 1n, "0x"))
      .to.emit(items, "TransferSingle")
      .withArgs(alice, owner, bob, 1n, 1n);
  });

  it("tells a receiver of one kind and of several", async () => {
    const { items, owner } = await loadFixture(deployed);
    const good = await receiver("Good");
    await expect(items.safeTransferFrom(owner, good, 1n, 1n, "0xab"))
      .to.emit(good, "Received")
      .withArgs(owner, owner, 1n, "0xab", anyUint);
    await expect(items.safeBatchTransferFrom(owner, good, [1n, 2n], [3n, 4n], "0xcd"))
      .to.emit(good, "BatchReceived")
      .withArgs(owner, owner, [1n, 2n], [3n, 4n], "0xcd");
  });

  for (const manners of MANNERS.slice(1)) {
    it(`a receiver that answers with ${manners} gets nothing`, async () => {
      const { items, owner } = await loadFixture(deployed);
      const bad = await receiver(manners);
      await expect(items.safeTransferFrom(owner, bad, 1n, 1n, "0x")).to.be.reverted;
      expect(await items.balanceOf(bad, 1n)).to.equal(0n);
    });
  }

  it("burns and keeps count of the supply", async () => {
    const { items, owner } = await loadFixture(deployed);
    await items.burn(owner, 1n, 30n);
    await items.burnBatch(owner, [2n, 3n], [1n, 1n]);
    expect(await items.getFunction("totalSupply()")()).to.equal(568n);
    expect(await items.exists(1n)).to.equal(true);
    expect(await items.exists(4n)).to.equal(false);
  });

  it("has one URI for all", async () => {
    const { items } = await loadFixture(deployed);
    expect(await items.uri(5n)).to.equal("https://items/{id}.json");
  });
});
