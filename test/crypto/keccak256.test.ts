import { expect } from "chai";
import { keccak256 as ethersKeccak256 } from "ethers";
import { hashMemory } from "../../src/crypto/hash-memory";
import { keccak256, keccak256Backend, keccak256Hex } from "../../src/crypto/keccak256";
import { nobleKeccak256 } from "../../src/crypto/keccak256-noble";

/**
 * Lengths around the rate of keccak256 (136 bytes) and around the largest piece that is hashed at once
 * (61,064 bytes: 449 blocks), and of several pieces.
 */
const LENGTHS = [
  ...[0, 1, 31, 32, 64, 135, 136, 137, 271, 272, 1024, 16_385],
  ...[61_063, 61_064, 61_065, 61_200, 122_127, 122_128, 200_000],
];

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) & 255);

describe("keccak256", () => {
  it("hashes known inputs", () => {
    // yellow paper: KEC of no bytes, of rlp("") = 0x80
    expect(keccak256Hex(new Uint8Array(0))).to.equal(
      "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    );
    expect(keccak256Hex(Uint8Array.of(0x80))).to.equal(
      "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    );
  });

  it("both implementations equal ethers for every kind of length", () => {
    expect(keccak256Backend()).to.equal("wasm");
    for (const length of LENGTHS) {
      const data = bytesOf(length);
      const expected = ethersKeccak256(data);
      expect(keccak256Hex(data)).to.equal(expected);
      expect(`0x${Buffer.from(keccak256(data)).toString("hex")}`).to.equal(expected);
      expect(`0x${Buffer.from(nobleKeccak256(data)).toString("hex")}`).to.equal(expected);
    }
  });

  it("takes views into larger buffers and into shared memory, and gives fresh bytes", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(100)).subarray(10, 74);
    shared.fill(9);
    const plain = new Uint8Array(64).fill(9);
    const first = keccak256(shared);
    const copy = Uint8Array.from(first);
    expect(keccak256(plain)).to.deep.equal(first);
    keccak256(Uint8Array.of(1));
    expect(first).to.deep.equal(copy);
    expect(first.buffer).to.not.equal(hashMemory().bytes.buffer);
  });
});
