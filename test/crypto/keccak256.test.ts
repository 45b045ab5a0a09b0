import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256 as ethersKeccak256 } from "ethers";
import {
  initialiseCrypto,
  keccak256,
  keccak256Backend,
  keccak256Hex,
} from "../../src/crypto/keccak256";
import { nobleKeccak256 } from "../../src/crypto/keccak256-noble";

/** Lengths around the rate of keccak256 (136 bytes) and the WASM heap (16 KiB). */
const LENGTHS = [0, 1, 31, 32, 64, 135, 136, 137, 271, 272, 1024, 16_383, 16_384, 16_385, 40_000];

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

  it("both implementations equal ethers for every kind of length", async () => {
    await initialiseCrypto();
    expect(keccak256Backend()).to.equal("hash-wasm");
    for (const length of LENGTHS) {
      const data = bytesOf(length);
      const expected = ethersKeccak256(data);
      expect(keccak256Hex(data)).to.equal(expected);
      expect(`0x${Buffer.from(nobleKeccak256(data)).toString("hex")}`).to.equal(expected);
    }
  });

  it("answers rightly in the same tick as its import, before WebAssembly is ready", () => {
    const module = join(__dirname, "../../src/crypto/keccak256.ts");
    const script = `
      const { keccak256Backend, keccak256Hex, initialiseCrypto } = require(${JSON.stringify(module)});
      const first = [keccak256Backend(), keccak256Hex(Uint8Array.of(0x80))];
      initialiseCrypto().then(() => {
        console.log(JSON.stringify([...first, keccak256Backend(), keccak256Hex(Uint8Array.of(0x80))]));
      });
    `;
    const output = execFileSync(
      process.execPath,
      ["--require", "ts-node/register/transpile-only", "--eval", script],
      { encoding: "utf8" },
    );
    const hash = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
    expect(JSON.parse(output)).to.deep.equal(["noble", hash, "hash-wasm", hash]);
  });

  it("takes views into larger buffers and into shared memory, and gives fresh bytes", async () => {
    await initialiseCrypto();
    const shared = new Uint8Array(new SharedArrayBuffer(100)).subarray(10, 74);
    shared.fill(9);
    const plain = new Uint8Array(64).fill(9);
    const first = keccak256(shared);
    const copy = Uint8Array.from(first);
    expect(keccak256(plain)).to.deep.equal(first);
    keccak256(Uint8Array.of(1));
    expect(first).to.deep.equal(copy);
  });
});
