import { strict as assert } from "node:assert";
import { createHmac } from "node:crypto";
import { childKey, type HdKey, masterKey, mnemonicSeed } from "../../src/crypto/hd-keys";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function keyAt(seed: string, path: readonly string[]): HdKey {
  let key = masterKey(Buffer.from(seed, "hex"));
  for (const step of path) {
    assert.ok(key !== null);
    key = childKey(key, Number.parseInt(step, 10), step.endsWith("'"));
  }
  assert.ok(key !== null);
  return key;
}

describe("hd-keys", () => {
  it("the seed of BIP-39's first test vector", () => {
    const mnemonic = `${"abandon ".repeat(11)}about`;
    assert.equal(
      hex(mnemonicSeed(mnemonic, "TREZOR")),
      "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04",
    );
  });

  it("the keys of BIP-32's test vector 1", () => {
    // private keys inside the xprv strings of the BIP
    const seed = "000102030405060708090a0b0c0d0e0f";
    const expected: readonly (readonly [path: readonly string[], key: string])[] = [
      [[], "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35"],
      [["0'"], "edb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea"],
      [["0'", "1"], "3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368"],
      [["0'", "1", "2'"], "cbce0d719ecf7431d88e6a89fa1483e02e35092af60c042b1df2ff59fa424dca"],
      [["0'", "1", "2'", "2"], "0f479245fb19a38a1954c5c7c0ebab2f9bdfd96a17563ef28a6a4b1a2a764ef4"],
      [
        ["0'", "1", "2'", "2", "1000000000"],
        "471b76e389e528d6de6d816857e012c5455051cad6660850e58372a6c3e6e7c8",
      ],
    ];
    for (const [path, key] of expected) {
      assert.equal(hex(keyAt(seed, path).privateKey), key, path.join("/"));
    }
  });

  it("keys keep their leading zeros", () => {
    // BIP-32's test vector 3 is there for exactly this
    const seed =
      "4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be";
    const key = keyAt(seed, ["0'"]);
    assert.equal(
      hex(key.privateKey),
      "491f7a2eebc7b57028e0d3faa0acda02e75c33b03c48fb288c41e2ea44e1daef",
    );
    assert.equal(
      hex(keyAt(seed, []).privateKey),
      "00ddb80b067e0d4993197fe10f2657a844a384589847602d56f0c629c81aae32",
    );
  });

  it("there is no child of an index that does not fit", () => {
    const key = keyAt("000102030405060708090a0b0c0d0e0f", []);
    for (const index of [-1, 0x8000_0000, 0.5, Number.NaN]) {
      assert.equal(childKey(key, index, false), null);
    }
    assert.ok(childKey(key, 0x7fff_ffff, true) !== null);
  });

  it("an index is hashed in four bytes, hardened ones with the top bit and the private key", () => {
    const key = keyAt("000102030405060708090a0b0c0d0e0f", []);
    const data = Buffer.concat([Buffer.alloc(1), key.privateKey, Buffer.from("ffffffff", "hex")]);
    const hash = createHmac("sha512", key.chainCode).update(data).digest();
    assert.equal(
      hex(childKey(key, 0x7fff_ffff, true)?.chainCode ?? new Uint8Array()),
      hex(hash.subarray(32)),
    );
  });
});
