/** Slots of other keys, against slots that ethers computes by the rules of Solidity and Vyper. */
import { expect } from "chai";
import { AbiCoder, concat, keccak256, toUtf8Bytes } from "ethers";
import { ArgumentDecoder, wordOf } from "../../../src/analysis/footprints/abi-codec";
import { PreimageIndex } from "../../../src/analysis/naming/preimage-index";
import { SlotRenamer } from "../../../src/analysis/workload-redraw/slot-renaming";
import { hexToBytes } from "../../../src/state/bytes";
import type { Hex } from "../../../src/state/hex";
import { abiOf } from "../../helpers/footprint-log";
import { HandMadeContract } from "../../helpers/hand-made-log";

const ALICE = wordOf(0xa11cea11cea11cea11cea11cea11ceen);
const BOB = wordOf(0xb0bb0bb0bb0bb0bb0bb0bb0bb0bb0bbn);
const CAROL = wordOf(0xca401ca401ca401ca401ca401ca4n);

/** keccak256 of joined bytes, known to the index. */
function hash(index: PreimageIndex, ...parts: string[]): Hex {
  const preimage = concat(parts);
  const digest = keccak256(preimage);
  index.add(BigInt(digest), hexToBytes(preimage as Hex)); // ethers gives hex
  return digest as Hex; // ethers gives hex
}

function renamed(index: PreimageIndex, slot: bigint, ...pairs: (readonly [Hex, Hex])[]): bigint[] {
  return new SlotRenamer(index).renamed(slot, new Map(pairs.map(([old, now]) => [old, [now]])));
}

describe("slots under other keys", () => {
  it("allowance[alice][bob] becomes allowance[carol][bob], which was never hashed", () => {
    const index = new PreimageIndex();
    const slot = BigInt(hash(index, BOB, hash(index, ALICE, wordOf(1n))));
    const expected = keccak256(concat([BOB, keccak256(concat([CAROL, wordOf(1n)]))]));
    expect(renamed(index, slot, [ALICE, CAROL])).to.deep.equal([BigInt(expected)]);
    expect(renamed(index, slot, [CAROL, ALICE])).to.deep.equal([]);
  });

  it("members of structs and elements of arrays keep their distance", () => {
    const index = new PreimageIndex();
    // struct { uint a; uint b; uint[] c } users[alice]: c[3]
    const user = BigInt(hash(index, ALICE, wordOf(7n)));
    const element = BigInt(hash(index, wordOf(user + 2n))) + 3n;
    const carol = BigInt(keccak256(concat([CAROL, wordOf(7n)])));
    expect(renamed(index, user + 1n, [ALICE, CAROL])).to.deep.equal([carol + 1n]);
    expect(renamed(index, element, [ALICE, CAROL])).to.deep.equal([
      BigInt(keccak256(wordOf(carol + 2n))) + 3n,
    ]);
  });

  it("a small key is not mistaken for the variable's slot of the same number", () => {
    const index = new PreimageIndex();
    const slot = BigInt(hash(index, wordOf(5n), wordOf(5n)));
    expect(renamed(index, slot, [wordOf(5n), wordOf(9n)])).to.deep.equal([
      BigInt(keccak256(concat([wordOf(9n), wordOf(5n)]))),
    ]);
  });

  it("keys behind the slot, as in Vyper, and keys of any length", () => {
    const index = new PreimageIndex();
    const vyper = BigInt(hash(index, wordOf(2n), ALICE));
    expect(renamed(index, vyper, [ALICE, CAROL])).to.deep.equal([
      BigInt(keccak256(concat([wordOf(2n), CAROL]))),
    ]);
    const [name, other] = ["a name", "another name that is longer than one word is"].map(
      (text): Hex => `0x${Buffer.from(toUtf8Bytes(text)).toString("hex")}`,
    ) as [Hex, Hex]; // two in, two out
    const text = BigInt(hash(index, name, wordOf(4n)));
    expect(renamed(index, text, [name, other])).to.deep.equal([
      BigInt(keccak256(concat([other, wordOf(4n)]))),
    ]);
  });

  it("a key that may become two leads to two slots", () => {
    const index = new PreimageIndex();
    const slot = BigInt(hash(index, ALICE, wordOf(0n)));
    const found = new SlotRenamer(index).renamed(slot, new Map([[ALICE, [BOB, CAROL]]]));
    expect(found).to.deep.equal([
      BigInt(keccak256(concat([BOB, wordOf(0n)]))),
      BigInt(keccak256(concat([CAROL, wordOf(0n)]))),
    ]);
  });
});

describe("calldata with other arguments", () => {
  const CONTRACT = new HandMadeContract("Shop");
  const coder = AbiCoder.defaultAbiCoder();
  const encode = (types: string[], values: unknown[]): Hex =>
    `0x12345678${coder.encode(types, values).slice(2)}`;

  it("arrays, bytes and narrow numbers are encoded as the ABI says", () => {
    const text = "mix(address[] to,uint8 side,bytes32 id,string name)";
    const types = ["address[]", "uint8", "bytes32", "string"];
    const decoder = ArgumentDecoder.for(abiOf(CONTRACT, [text]), `mix(${types.join()})`);
    const [alice, carol] = [`0x${ALICE.slice(26)}`, `0x${CAROL.slice(26)}`];
    const input = encode(types, [[alice, alice], 1, BOB, "kept"]);
    const names: Record<string, Hex> = {
      "to[1]": CAROL,
      side: wordOf(0x1_07n),
      id: ALICE,
      name: "0x00",
    };
    expect(decoder.replace(input, (name) => names[name] ?? null)).to.equal(
      encode(types, [[alice, carol], 7, ALICE, "kept"]),
    );
    expect(decoder.replace(input, () => null)).to.equal(input);
    expect(decoder.replace("0x12345678ff", () => null)).to.equal(null);
  });
});
