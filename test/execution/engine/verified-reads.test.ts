/** Verifying compares the reads of both runs at once, and what is left to be validated are those of one. */
import { expect } from "chai";
import { BlockOverlay } from "../../../src/execution/block-overlay";
import type { Engine } from "../../../src/execution/engine/engine";
import { createFastEngine } from "../../../src/execution/engine/fast/fast-engine";
import { createVerifyingEngine } from "../../../src/execution/engine/verifying-engine";
import { IncarnationView } from "../../../src/execution/incarnation-view";
import type { StateView } from "../../../src/execution/state-view";
import type { Address } from "../../../src/state/hex";
import { PRE_STATE_ORIGIN } from "../../../src/state/read-set";
import type { Write } from "../../../src/state/write-set";
import {
  CONTRACT,
  failures,
  faulty,
  reference,
  run,
  SENDER,
  stateOf,
  viewOf,
} from "../../helpers/verified-message";

const OTHER: Address = "0x07e4000000000000000000000000000000000001";

describe("reads in a verifying engine", () => {
  const reads: Readonly<Record<string, (view: StateView) => unknown>> = {
    "a balance": (view) => view.balance(CONTRACT),
    "a bound of a balance": (view) => view.balanceAtLeast(CONTRACT, 1n),
    "a nonce": (view) => view.nonce(CONTRACT),
    "a code": (view) => view.codeHash(OTHER),
    "the life of an account": (view) => view.exists(OTHER),
    "the storage of an account": (view) => view.hasStorage(OTHER),
    "a slot": (view) => view.storage(CONTRACT, 3n),
    "a slot's original value": (view) => view.originalStorage(CONTRACT, 3n),
    "exactly, a balance whose bound was known before": (view) => view.balance(SENDER),
  };
  for (const [name, read] of Object.entries(reads)) {
    it(`throws where one engine alone reads ${name}, whichever runs first`, async () => {
      const engine = faulty((result, view) => {
        read(view);
        return result;
      });
      const view = (): StateView => {
        const view = viewOf();
        view.balanceAtLeast(SENDER, 1n);
        return view;
      };
      for (const { message } of await failures(engine, view)) {
        expect(message).to.match(/HHP220: the two engines give different reads /);
      }
    });
  }

  it("leaves the reads of one run to whoever validates them, those from before included", async () => {
    const alone = viewOf();
    const twice = viewOf();
    for (const view of [alone, twice]) {
      view.balanceAtLeast(SENDER, 1n);
    }
    await run(reference, alone);
    await run(createVerifyingEngine(createFastEngine(reference), reference), twice);
    expect(twice.readSet()).to.deep.equal(alone.readSet());
    expect(twice.writeSet()).to.deep.equal(alone.writeSet());
  });

  it("both engines see the versions that were read first, whatever is written between", async () => {
    const overlay = new BlockOverlay(stateOf());
    const writing: Engine = {
      run: async (...parameters) => {
        const result = await reference.run(...parameters);
        const write: Write = { kind: "storage", address: CONTRACT, slot: 1n, value: 7n };
        overlay.apply({ writes: [write], codes: new Map() }, 3);
        return result;
      },
    };
    const view = new IncarnationView(overlay, false);
    await run(createVerifyingEngine(writing, reference), view);
    expect(view.storage(CONTRACT, 1n), "0 was read").to.equal(1n);
    const slot = view.readSet().find(({ kind }) => kind === "storage");
    expect(slot).to.deep.include({ value: 0n, origin: PRE_STATE_ORIGIN });
  });
});
