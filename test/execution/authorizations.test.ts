import { expect } from "chai";
import { applyAuthorizations } from "../../src/execution/authorizations";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { PlainGasMeter } from "../../src/execution/gas-meter";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { Authorization } from "../../src/execution/transaction";
import { bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { type AccountDescription, MapState } from "../helpers/map-state";

const AUTHORITY: Address = "0xaa00000000000000000000000000000000000000";
const TARGET: Address = "0x7a00000000000000000000000000000000000000";
const DESIGNATOR = `0xef0100${TARGET.slice(2)}` as const;
/** EIP-7702: PER_EMPTY_ACCOUNT_COST - PER_AUTH_BASE_COST */
const REFUND = 12_500n;

function apply(changes: Partial<Authorization>, authority: AccountDescription | null = null) {
  const accounts = authority === null ? {} : { [AUTHORITY]: authority };
  const view = new IncarnationView(new BlockOverlay(new MapState(accounts)), false);
  const meter = new PlainGasMeter(0n, 0n);
  const { authorities } = applyAuthorizations(
    [{ chainId: 1n, address: TARGET, nonce: 0n, authority: AUTHORITY, ...changes }],
    1n,
    view,
    meter,
  );
  const { refund } = meter;
  return {
    authorities,
    refund,
    view,
    code: bytesToHex(view.code(AUTHORITY)),
    nonce: view.nonce(AUTHORITY),
  };
}

describe("authorizations (EIP-7702)", () => {
  it("set the delegation and bump the nonce; an account that exists gives a refund", () => {
    expect(apply({})).to.deep.include({ code: DESIGNATOR, nonce: 1n, refund: 0n });
    expect(apply({ nonce: 3n }, { nonce: 3n })).to.deep.include({
      code: DESIGNATOR,
      nonce: 4n,
      refund: REFUND,
    });
    expect(apply({}, { balance: 1n }).refund).to.equal(REFUND);
  });

  it("chain id 0 is every chain", () => {
    expect(apply({ chainId: 0n }).code).to.equal(DESIGNATOR);
  });

  it("the zero address takes the delegation back", () => {
    const zero: Address = `0x${"00".repeat(20)}`;
    expect(apply({ address: zero }, { code: DESIGNATOR })).to.deep.include({
      code: "0x",
      nonce: 1n,
    });
  });

  it("are skipped for another chain, without a signer, at the last nonce: nothing is read", () => {
    for (const changes of [{ chainId: 5n }, { authority: null }, { nonce: 2n ** 64n - 1n }]) {
      const { view, authorities } = (() => {
        const state = new IncarnationView(new BlockOverlay(new MapState()), false);
        const { authorities: seen } = applyAuthorizations(
          [{ chainId: 1n, address: TARGET, nonce: 0n, authority: AUTHORITY, ...changes }],
          1n,
          state,
          new PlainGasMeter(0n, 0n),
        );
        return { view: state, authorities: seen };
      })();
      expect(authorities).to.deep.equal([]);
      expect(view.readSet()).to.deep.equal([]);
    }
  });

  it("are skipped for a contract and for another nonce, but the authority gets warm", () => {
    const contract = apply({}, { code: "0x00" });
    expect(contract).to.deep.include({ code: "0x00", nonce: 0n, refund: 0n });
    expect(contract.authorities).to.deep.equal([AUTHORITY]);
    expect(apply({ nonce: 1n })).to.deep.include({ code: "0x", nonce: 0n });
  });

  it("one authority may authorize twice in a row", () => {
    const view = new IncarnationView(new BlockOverlay(new MapState()), false);
    const authorization = { chainId: 1n, address: TARGET, authority: AUTHORITY };
    const meter = new PlainGasMeter(0n, 0n);
    applyAuthorizations(
      [
        { ...authorization, nonce: 0n },
        { ...authorization, nonce: 1n },
      ],
      1n,
      view,
      meter,
    );
    const { refund } = meter;
    expect(view.nonce(AUTHORITY)).to.equal(2n);
    // the second finds the account that the first made
    expect(refund).to.equal(REFUND);
  });
});
