/** A transaction to a precompile that refuses its input has halted, on either engine: nothing can have reverted. */
import { expect } from "chai";
import { EthereumjsEngine } from "../../../src/execution/engine/ethereumjs-engine";
import { createFastEngine } from "../../../src/execution/engine/fast/fast-engine";
import type { Address } from "../../../src/state/hex";
import { environment } from "../../helpers/environment";
import { messageOf } from "../../helpers/message";
import { SENDER, viewOf } from "../../helpers/verified-message";

const reference = new EthereumjsEngine();
const engines = { fast: createFastEngine(reference), ethereumjs: reference };

/** Each word is beyond all fields; lengths as the precompile takes them, but for what is said. */
const ONES = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xff);
const REFUSED: Readonly<Record<string, readonly [precompile: number, input: Uint8Array]>> = {
  "BN254 addition": [0x06, ONES(128)],
  "BN254 multiplication": [0x07, ONES(96)],
  "BN254 pairing": [0x08, ONES(192)],
  "BLAKE2F of another length": [0x09, ONES(1)],
  "point evaluation": [0x0a, ONES(192)],
  "BLS12-381 addition": [0x0b, ONES(256)],
  "BLS12-381 sum of products": [0x0c, ONES(160)],
  "BLS12-381 addition, second group": [0x0d, ONES(512)],
  "BLS12-381 sum of products, second group": [0x0e, ONES(288)],
  "BLS12-381 pairing": [0x0f, ONES(384)],
  "BLS12-381 map": [0x10, ONES(64)],
  "BLS12-381 map, second group": [0x11, ONES(128)],
};

for (const [name, engine] of Object.entries(engines)) {
  describe(`a transaction to a precompile, ${name}`, () => {
    const haltOf = async (precompile: number, data: Uint8Array, gasLimit: bigint) => {
      const to: Address = `0x${precompile.toString(16).padStart(40, "0")}`;
      const result = await engine.run(
        messageOf({ caller: SENDER, to, data, gasLimit }),
        environment("prague"),
        viewOf(),
      );
      expect(result.gasUsed).to.equal(gasLimit);
      return result.halt;
    };

    for (const [what, [precompile, input]] of Object.entries(REFUSED)) {
      it(`${what}: halts where the input is refused`, async () => {
        const halt = { kind: "halt", reason: "PrecompileFailed" };
        expect(await haltOf(precompile, input, 1_000_000n)).to.deep.equal(halt);
      });
    }

    it("runs out of gas where that is not enough", async () => {
      const halt = { kind: "halt", reason: "OutOfGas" };
      expect(await haltOf(0x06, ONES(128), 149n)).to.deep.equal(halt);
    });
  });
}
