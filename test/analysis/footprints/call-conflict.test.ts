/** Two calls of one function, where several sources explain a key. */
import { expect } from "chai";
import { footprintVerdict } from "../../../src/analysis/footprints/footprint-verdict";
import { args, modelsOf } from "../../helpers/footprint-log";
import { HandMadeContract, type HandMadeTransaction, updates } from "../../helpers/hand-made-log";

describe("conflicts of calls with ambiguous keys", () => {
  const VAULT = new HandMadeContract("Vault");
  /** Keys are given by the names of accounts; this is the vault's own. */
  const THIS = "contract Vault ";
  const CLAIM = "claim(address account,uint256 amount)";

  /** Everyone claims for themselves, so `account` and msg.sender cannot be told apart. */
  const claim = (user: string, from: string, i: number): HandMadeTransaction => ({
    from: user,
    gas: 100,
    value: 0n,
    call: {
      contract: VAULT,
      fn: "claim(address,uint256)",
      argument: args(user, 5 + i),
      touches: [
        updates(VAULT.slot("balances", from), BigInt(900 - i * i), BigInt(895 - i * i - i)),
      ],
    },
  });
  const verdictOf = (transactions: readonly HandMadeTransaction[]) => {
    const [model] = modelsOf(VAULT, [CLAIM], transactions, {});
    const footprint = model?.footprint;
    expect(footprint?.accesses[0]?.keys[0]?.status).to.equal("ambiguous");
    return footprint === undefined ? null : footprintVerdict(footprint);
  };

  it("the contract itself, or the constant that its address is: the same entry either way", () => {
    const verdict = verdictOf(["alice", "bob", "carol"].map((user, i) => claim(user, THIS, i)));
    expect(verdict?.kind).to.equal("serialFixable");
    expect(verdict?.on.map(({ cause, relation }) => [cause, relation])).to.deep.equal([
      ["STRUCTURAL", "always"],
    ]);
  });

  it("the sender, or an argument that happened to be the sender: a matter of keys", () => {
    const verdict = verdictOf(["alice", "bob", "carol"].map((user, i) => claim(user, user, i)));
    expect(verdict?.kind).to.equal("keyBound");
  });
});
