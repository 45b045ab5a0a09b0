import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { computeAddress, keccak256 as ethersKeccak256, SigningKey } from "ethers";
import { keccak256 } from "../../src/crypto/keccak256";
import {
  createSecp256k1,
  InvalidSignatureError,
  recoverAddress,
  secp256k1BackendName,
} from "../../src/crypto/secp256k1";
import { loadNativeBackend } from "../../src/crypto/secp256k1-native";
import { loadNobleBackend } from "../../src/crypto/secp256k1-noble";
import { loadWasmBackend } from "../../src/crypto/secp256k1-wasm";
import { TYPESCRIPT_HOOK } from "../helpers/typescript-hook";

/** Order of the group (SEC 2, section 2.4.1). */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));
const keys = Array.from({ length: 8 }, (_, index) => ethersKeccak256(Uint8Array.of(index)));

const native = loadNativeBackend();
const wasm = loadWasmBackend();
const backends = [loadNobleBackend(), wasm, native]
  .filter((backend) => backend !== null)
  .map(createSecp256k1);

for (const secp256k1 of backends) {
  describe(`secp256k1, ${secp256k1.backendName} backend`, () => {
    it("signs, recovers and derives addresses like ethers", () => {
      for (const key of keys) {
        const hash = keccak256(bytes(key));
        const expected = new SigningKey(key).sign(hash);
        const signature = secp256k1.sign(hash, bytes(key));
        expect(signature).to.deep.equal({
          r: BigInt(expected.r),
          s: BigInt(expected.s),
          yParity: expected.yParity,
        });
        const address = computeAddress(key).toLowerCase();
        const { r, s, yParity } = signature;
        expect(secp256k1.addressOf(bytes(key))).to.equal(address);
        expect(secp256k1.recoverAddress(hash, r, s, yParity)).to.equal(address);
        const publicKey = Buffer.from(secp256k1.recoverPublicKey(hash, r, s, yParity));
        expect(`0x04${publicKey.toString("hex")}`).to.equal(new SigningKey(key).publicKey);
      }
    });

    it("recovers from a signature with high s, as before Homestead", () => {
      const [key = ""] = keys;
      const hash = keccak256(bytes(key));
      const { r, s, yParity } = secp256k1.sign(hash, bytes(key));
      expect(s <= N / 2n).to.equal(true);
      const mirrored = secp256k1.recoverAddress(hash, r, N - s, yParity === 0 ? 1 : 0);
      expect(mirrored).to.equal(secp256k1.addressOf(bytes(key)));
    });

    it("a signature without a public key is an InvalidSignatureError", () => {
      const hash = keccak256(Uint8Array.of(1));
      // 5 is not the x coordinate of a point: 5^3 + 7 = 132 is no square modulo the field's prime
      for (const [r, s] of [
        [0n, 1n],
        [1n, 0n],
        [N, 1n],
        [1n, N],
        [5n, 1n],
        [1n << 256n, 1n],
        [-1n, 1n],
      ] as const) {
        expect(() => secp256k1.recoverAddress(hash, r, s, 0), `r ${r}, s ${s}`).to.throw(
          InvalidSignatureError,
        );
      }
    });

    it("a private key of zero or beyond the order is refused", () => {
      for (const key of [0n, N]) {
        const encoded = bytes(`0x${key.toString(16).padStart(64, "0")}`);
        expect(() => secp256k1.addressOf(encoded)).to.throw();
        expect(() => secp256k1.sign(keccak256(encoded), encoded)).to.throw();
      }
    });
  });
}

describe("secp256k1, choice of backend", () => {
  it("the native backend is chosen where it loads, else WebAssembly", () => {
    expect(secp256k1BackendName).to.equal(native === null ? "wasm" : "native");
    const platform = `${process.platform}-${process.arch}`;
    if (["linux-x64", "darwin-arm64", "win32-x64"].includes(platform)) {
      expect(secp256k1BackendName, `its binary for ${platform} is installed`).to.equal("native");
    }
  });

  for (const [lacking, before, backend] of [
    ["addons", "", "wasm"],
    ["addons and WebAssembly", "delete globalThis.WebAssembly;", "noble"],
  ]) {
    it(`without ${lacking} the same answer comes from ${backend}`, () => {
      const module = join(__dirname, "../../src/crypto/secp256k1.ts");
      const script = `
        ${before}
        const { addressOf, secp256k1BackendName } = require(${JSON.stringify(module)});
        console.log(secp256k1BackendName, addressOf(new Uint8Array(32).fill(1)));
      `;
      const output = execFileSync(
        process.execPath,
        ["--no-addons", "--require", TYPESCRIPT_HOOK, "--eval", script],
        { encoding: "utf8" },
      );
      const address = computeAddress(`0x${"01".repeat(32)}`).toLowerCase();
      expect(output.trim()).to.equal(`${backend} ${address}`);
    });
  }

  it("recovers the sender of the example in EIP-155", () => {
    // signing hash, r and s as in the EIP; v = 37 means yParity 0; the key is 0x46 32 times
    const hash = bytes("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
    const r = 0x28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276n;
    const s = 0x67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83n;
    expect(recoverAddress(hash, r, s, 0)).to.equal("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
  });
});
