import { expect } from "chai";
import { MAX_FRAME_INPUT } from "../../src/access-log/block-record";
import { keccak256Hex } from "../../src/crypto/keccak256";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { FrameTrace } from "../../src/execution/frame-trace";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { TransactionOutcome } from "../../src/execution/outcome";
import type { TransactionInput } from "../../src/execution/transaction";
import { executeTransaction } from "../../src/execution/transaction-processing";
import { bigIntToBytes32, bytesToHex } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble, deploying } from "../helpers/assembler";
import { COINBASE, environment, transaction } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";

const ALICE: Address = "0xa11ce00000000000000000000000000000000000";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000000";
const OTHER: Address = "0x0ccc000000000000000000000000000000000000";
const ETHER = 10n ** 18n;
const engine = new EthereumjsEngine();

async function trace(
  accounts: Record<Address, AccountDescription>,
  changes: Partial<TransactionInput>,
  tracing = true,
  hardfork = "prague",
): Promise<TransactionOutcome> {
  const state = new MapState({ [ALICE]: { balance: ETHER }, ...accounts });
  const execution = await executeTransaction(
    engine,
    new IncarnationView(new BlockOverlay(state), tracing),
    transaction(ALICE, changes),
    environment(hardfork),
  );
  if (!execution.ok) {
    throw new Error(execution.error.kind);
  }
  return execution.outcome;
}

describe("frames", () => {
  const inner = assemble("0x1 SLOAD POP STOP");
  // CALL, DELEGATECALL and STATICCALL of the same account
  const outer = assemble(`0x0 0x0 0x0 0x0 0x5 ${OTHER} GAS CALL POP
    0x0 0x0 0x0 0x0 ${OTHER} GAS DELEGATECALL POP
    0x0 0x0 0x0 0x0 ${OTHER} GAS STATICCALL POP
    0x2 0x3 SSTORE STOP`);
  const accounts = { [CONTRACT]: { code: outer, balance: 9n }, [OTHER]: { code: inner } };

  it("name kind, parent, code and storage owner, in the order of entry", async () => {
    const { trace: recorded } = await trace(accounts, { to: CONTRACT, value: 1n });
    const frames = recorded.frames.map((frame) => [
      frame.parent,
      frame.depth,
      frame.kind,
      frame.caller,
      frame.codeAddress,
      frame.storageOwner,
      frame.value,
      frame.success,
    ]);
    expect(frames).to.deep.equal([
      [-1, 0, "call", ALICE, CONTRACT, CONTRACT, 1n, true],
      [0, 1, "call", CONTRACT, OTHER, OTHER, 5n, true],
      [0, 1, "delegatecall", ALICE, OTHER, CONTRACT, 1n, true],
      [0, 1, "staticcall", CONTRACT, OTHER, OTHER, 0n, true],
    ]);
    expect(recorded.frames[1]?.codeHash).to.equal(keccak256Hex(inner));
    // PUSH1 3, cold SLOAD 2,100, POP 2, and warm 100 the second time
    expect(recorded.frames[1]?.gasUsed).to.equal(2_105n);
    expect(recorded.frames[3]?.gasUsed).to.equal(105n);
  });

  it("accesses name the frame and the position of the opcode", async () => {
    const { trace: recorded } = await trace(accounts, { to: CONTRACT });
    const ofStorage = recorded.accesses.flatMap((access) =>
      access.location.kind === "storage"
        ? [
            [
              access.frame,
              access.location.address,
              access.location.slot,
              access.readPc,
              access.writePc,
            ],
          ]
        : [],
    );
    const sstore = outer.lastIndexOf(0x55);
    expect(ofStorage).to.deep.equal([
      [1, OTHER, 1n, 2, -1],
      [2, CONTRACT, 1n, 2, -1],
      [3, OTHER, 1n, 2, -1],
      [0, CONTRACT, 3n, sstore, sstore],
    ]);
    // the value of the first CALL moves in the caller's frame, at the CALL
    const moved = recorded.accesses.find(
      ({ location, frame }) =>
        location.kind === "balance" && location.address === OTHER && frame === 0,
    );
    expect(moved).to.deep.include({ write: true, writePc: outer.indexOf(0xf1) });
  });

  it("accesses of the transaction itself belong to frame 0 without a position", async () => {
    const { trace: recorded } = await trace(accounts, { to: CONTRACT });
    const fee = recorded.accesses.find(
      ({ location }) => location.kind === "balance" && location.address === COINBASE,
    );
    expect(fee).to.deep.equal({
      frame: 0,
      location: { kind: "balance", address: COINBASE },
      read: false,
      write: true,
      readPc: -1,
      writePc: -1,
    });
  });

  it("a creation is a frame of the new account with the hash of its init code", async () => {
    const initCode = deploying(assemble("STOP"));
    const { trace: recorded, createdAddress } = await trace({}, { to: null, data: initCode });
    expect(recorded.frames).to.have.length(1);
    expect(recorded.frames[0]).to.deep.include({
      kind: "create",
      codeAddress: createdAddress,
      storageOwner: createdAddress,
      codeHash: keccak256Hex(initCode),
      input: "0x",
      success: true,
    });
  });

  it("failed frames are recorded as failed, at any depth", async () => {
    const failing = assemble("0x0 0x0 REVERT");
    const { trace: recorded, status } = await trace(
      { ...accounts, [OTHER]: { code: failing } },
      { to: CONTRACT },
    );
    expect(status).to.equal(1);
    expect(recorded.frames.map(({ success }) => success)).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
  });

  it("a delegated account runs the code of its target (EIP-7702)", async () => {
    const { trace: recorded } = await trace(
      {
        [CONTRACT]: {
          code: Uint8Array.from([0xef, 0x01, 0x00, ...Buffer.from(OTHER.slice(2), "hex")]),
        },
        [OTHER]: { code: inner },
      },
      { to: CONTRACT },
    );
    expect(recorded.frames[0]).to.deep.include({
      codeAddress: OTHER,
      codeHash: keccak256Hex(inner),
      storageOwner: CONTRACT,
    });
  });

  it("KECCAK256 preimages and transient slots are kept", async () => {
    const code = assemble("0x7 0x0 MSTORE 0x20 0x0 KECCAK256 POP 0x1 0x9 TSTORE STOP");
    const { trace: recorded } = await trace({ [CONTRACT]: { code } }, { to: CONTRACT });
    const preimage = bigIntToBytes32(7n);
    expect(recorded.preimages).to.deep.equal([
      { hash: keccak256Hex(preimage), preimage: bytesToHex(preimage) },
    ]);
    expect(recorded.transient).to.deep.equal([{ address: CONTRACT, slot: 9n }]);
  });

  it("calldata is cut, its length is not", async () => {
    const data = new Uint8Array(MAX_FRAME_INPUT + 5).fill(1);
    const { trace: recorded } = await trace(
      { [CONTRACT]: { code: "0x00" } },
      { to: CONTRACT, data },
    );
    expect(recorded.frames[0]?.inputLength).to.equal(MAX_FRAME_INPUT + 5);
    expect(recorded.frames[0]?.input).to.have.length(2 + 2 * MAX_FRAME_INPUT);
  });

  it("tracing changes nothing but the trace", async () => {
    const traced = await trace(accounts, { to: CONTRACT, value: 1n });
    const plain = await trace(accounts, { to: CONTRACT, value: 1n }, false);
    expect(plain.trace.frames).to.deep.equal([]);
    expect({ ...traced, trace: null }).to.deep.equal({ ...plain, trace: null });
  });
});

describe("a trace that begins again", () => {
  const begun = (): FrameTrace => {
    const recorder = new FrameTrace();
    recorder.access({ kind: "nonce", address: ALICE }, "read"); // the transaction's own rules
    return recorder;
  };

  it("keeps what was accessed before, if the message ended before its first frame", () => {
    const recorder = begun();
    recorder.restart();
    expect(recorder.finish()).to.deep.equal(begun().finish());
  });

  it("keeps nothing else", () => {
    const recorder = begun();
    recorder.enter({
      depth: 0,
      kind: "call",
      caller: ALICE,
      codeAddress: OTHER,
      codeHash: keccak256Hex(new Uint8Array(0)),
      storageOwner: OTHER,
      value: 0n,
      input: "0x",
      inputLength: 0,
    });
    recorder.access({ kind: "nonce", address: ALICE }, "write");
    recorder.access({ kind: "balance", address: OTHER }, "read");
    recorder.preimage(keccak256Hex(new Uint8Array(0)), new Uint8Array(0));
    recorder.transient(OTHER, 1n);
    recorder.restart();
    expect(recorder.finish()).to.deep.equal(begun().finish());
  });
});
