import { expect } from "chai";
import {
  CONSOLIDATION_REQUESTS_ADDRESS,
  collectRequests,
  DEPOSIT_CONTRACT_ADDRESS,
  requestsHash,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../../src/execution/block-requests";
import {
  BEACON_ROOTS_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  recordBeaconRoot,
  recordParentHash,
} from "../../src/execution/block-start";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { SYSTEM_ADDRESS } from "../../src/execution/system-call";
import { bigIntToHex32, bytesToHex } from "../../src/state/bytes";
import { assemble } from "../helpers/assembler";
import { environment } from "../helpers/environment";
import { MapState } from "../helpers/map-state";

const engine = new EthereumjsEngine();
/** Writes the word it is called with to slot 1, and its caller to slot 2. */
const RECORDER = assemble("0x0 CALLDATALOAD 0x1 SSTORE CALLER 0x2 SSTORE STOP");
/** Gives back one byte, 0x07, and counts its calls in slot 0. */
const REQUESTING = assemble("0x0 SLOAD 0x1 ADD 0x0 SSTORE 0x7 0x0 MSTORE 0x1 0x1f RETURN");
const DEPOSIT_EVENT = "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5";

describe("system calls before the first transaction", () => {
  it("the beacon root contract is called with the root by the system address (EIP-4788)", async () => {
    const root = bigIntToHex32(0x1234n);
    const state = new MapState({ [BEACON_ROOTS_ADDRESS]: { code: RECORDER, nonce: 1n } });
    const block = environment("cancun", { parentBeaconBlockRoot: root });
    const { writes } = await recordBeaconRoot(engine, state, block);
    expect(writes).to.deep.equal([
      { kind: "storage", address: BEACON_ROOTS_ADDRESS, slot: 1n, value: 0x1234n },
      { kind: "storage", address: BEACON_ROOTS_ADDRESS, slot: 2n, value: BigInt(SYSTEM_ADDRESS) },
    ]);
    expect((await recordBeaconRoot(engine, state, environment("shanghai"))).writes).to.deep.equal(
      [],
    );
  });

  it("the history contract is called with the parent's hash (EIP-2935)", async () => {
    const state = new MapState({ [HISTORY_STORAGE_ADDRESS]: { code: RECORDER, nonce: 1n } });
    const block = environment("prague", { parentHash: bigIntToHex32(0x55n) });
    const { writes } = await recordParentHash(engine, state, block);
    expect(writes[0]).to.deep.equal({
      kind: "storage",
      address: HISTORY_STORAGE_ADDRESS,
      slot: 1n,
      value: 0x55n,
    });
    expect((await recordParentHash(engine, state, environment("cancun"))).writes).to.deep.equal([]);
  });

  it("without the contract, or if it fails, nothing happens", async () => {
    const failing = new MapState({ [BEACON_ROOTS_ADDRESS]: { code: "0xfe", nonce: 1n } });
    for (const state of [new MapState(), failing]) {
      const { writes } = await recordBeaconRoot(engine, state, environment("cancun"));
      expect(writes).to.deep.equal([]);
    }
  });
});

describe("requests to the consensus layer", () => {
  const contracts = {
    [WITHDRAWAL_REQUESTS_ADDRESS]: { code: REQUESTING, nonce: 1n },
    [CONSOLIDATION_REQUESTS_ADDRESS]: { code: REQUESTING, nonce: 1n },
  };
  const prague = environment("prague");

  it("are what the contracts return, with the writes they leave (EIP-7002, EIP-7251)", async () => {
    const result = await collectRequests(engine, new MapState(contracts), prague, []);
    if (!result.ok) {
      throw new Error(result.reason);
    }
    expect(result.requests.map(({ type, data }) => [type, bytesToHex(data)])).to.deep.equal([
      [0, "0x"],
      [1, "0x07"],
      [2, "0x07"],
    ]);
    expect(result.writes.map(({ writes }) => writes)).to.deep.equal(
      [WITHDRAWAL_REQUESTS_ADDRESS, CONSOLIDATION_REQUESTS_ADDRESS].map((address) => [
        { kind: "storage", address, slot: 0n, value: 1n },
      ]),
    );
  });

  it("do not exist before Prague", async () => {
    const result = await collectRequests(engine, new MapState(), environment("cancun"), []);
    expect(result).to.deep.equal({ ok: true, requests: [], writes: [] });
  });

  it("the hash of no requests is sha256 of nothing (EIP-7685)", () => {
    expect(requestsHash([{ type: 0, data: new Uint8Array(0) }])).to.equal(
      "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  it("a block without the request contracts, or with failing ones, is invalid", async () => {
    const missing = await collectRequests(engine, new MapState(), prague, []);
    expect(missing).to.deep.include({ ok: false });
    const failing = { ...contracts, [CONSOLIDATION_REQUESTS_ADDRESS]: { code: "0xfe" as const } };
    const failed = await collectRequests(engine, new MapState(failing), prague, []);
    expect(failed.ok ? "" : failed.reason).to.contain("InvalidOpcode");
  });

  it("a deposit log gives its five fields in order; a malformed one makes the block invalid", async () => {
    // ABI: offsets of five byte strings, then each as length and padded content (EIP-6110)
    const sizes = [48, 32, 8, 96, 8];
    const heads = [160, 256, 320, 384, 512];
    const words: string[] = heads.map((offset) => offset.toString(16).padStart(64, "0"));
    const contents = sizes.map((size, field) => `${field + 1}${field + 1}`.repeat(size));
    for (const [field, size] of sizes.entries()) {
      words.push(size.toString(16).padStart(64, "0"));
      words.push((contents[field] ?? "").padEnd(Math.ceil(size / 32) * 64, "0"));
    }
    const data = `0x${words.join("")}` as const;
    const log = { address: DEPOSIT_CONTRACT_ADDRESS, topics: [DEPOSIT_EVENT] as const, data };
    const state = new MapState(contracts);
    const result = await collectRequests(engine, state, prague, [log]);
    expect(result.ok && bytesToHex(result.requests[0]?.data ?? new Uint8Array(0))).to.equal(
      `0x${contents.join("")}`,
    );
    const elsewhere = { ...log, address: SYSTEM_ADDRESS };
    const others = await collectRequests(engine, state, prague, [elsewhere]);
    expect(others.ok && others.requests[0]?.data.length).to.equal(0);
    const broken = await collectRequests(engine, state, prague, [{ ...log, data: "0x00" }]);
    expect(broken.ok).to.equal(false);
  });
});
