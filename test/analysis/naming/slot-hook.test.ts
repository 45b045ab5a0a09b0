/** The project's own function for slots that nothing else names. */
import { expect } from "chai";
import { keccak256 } from "ethers";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import type { SlotHook, SlotQuery } from "../../../src/analysis/naming/slot-hook";
import type { SlotName } from "../../../src/analysis/slot-name";
import { isParallelError } from "../../../src/errors/base-error";
import { ERRORS } from "../../../src/errors/catalogue";
import type { Address } from "../../../src/state/hex";
import { compile } from "./compile";
import { RecordedChain } from "./recorded-chain";

const SOURCE = `
contract Odd {
  uint256 plain;
  function run(address user) external {
    plain = 1;
    assembly { mstore(0, user) mstore(32, 77) sstore(add(keccak256(0, 64), 2), 3) }
  }
}`;

const ALICE: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

describe("slotResolver", () => {
  let contract: ContractMetadata;
  let chain: RecordedChain;
  let address: Address;
  const preimage = `0x${ALICE.slice(2).padStart(64, "0")}${(77).toString(16).padStart(64, "0")}`;
  const odd = BigInt(keccak256(preimage)) + 2n;

  before(async () => {
    const found = compile(SOURCE, { optimizer: true }).get("Odd");
    if (found === undefined) {
      throw new Error("Odd is missing");
    }
    contract = found;
    chain = await RecordedChain.create();
    address = await chain.deploy(contract);
    await chain.call(contract, address, "run", [ALICE]);
  });

  function name(slot: bigint, slotResolver: SlotHook): SlotName {
    return createNaming({ metadata: [contract], evidence: chain.blocks, slotResolver }).slot(
      address,
      slot,
    );
  }

  it("is asked for slots without a name only, with what was hashed", () => {
    const asked: SlotQuery[] = [];
    const hook: SlotHook = (query) => {
      asked.push(query);
      return null;
    };
    expect(name(0n, hook).label).to.equal("plain");
    expect(name(odd, hook).resolved).to.equal(false);
    expect(asked).to.deep.equal([
      { address, slot: odd, contract: "Odd", codeHash: null, root: { preimage, distance: 2n } },
    ]);
  });

  it("a text is a name; its keys are left out of the variable", () => {
    expect(name(odd, () => `users[${ALICE}].orders[a[1]].size`)).to.deep.equal({
      contract: "Odd",
      label: `users[${ALICE}].orders[a[1]].size`,
      variable: "users[*].orders[*].size",
      resolved: true,
    });
  });

  it("an object gives label and variable", () => {
    const found = name(odd, () => ({ label: "size of 0x70", variable: "size" }));
    expect([found.label, found.variable]).to.deep.equal(["size of 0x70", "size"]);
  });

  for (const answer of [
    "",
    5,
    {},
    { label: "" },
    { label: "a", variable: 1 },
    "two\nlines",
    true,
  ]) {
    it(`${JSON.stringify(answer)} is refused, naming the slot`, () => {
      // a config in JavaScript can give anything
      const hook = (() => answer) as SlotHook;
      expect(() => name(odd, hook))
        .to.throw(/Odd\.slot 0x/)
        .and.satisfy((error: unknown) => isParallelError(error, ERRORS.SLOT_RESOLVER_INVALID));
    });
  }

  it("what it throws is told, naming the slot", () => {
    const hook: SlotHook = () => {
      throw new Error("no such table");
    };
    expect(() => name(odd, hook))
      .to.throw(/slotResolver failed for Odd\.slot 0x[0-9a-f]+: no such table/)
      .and.satisfy((error: unknown) => isParallelError(error, ERRORS.SLOT_RESOLVER_FAILED));
  });
});
