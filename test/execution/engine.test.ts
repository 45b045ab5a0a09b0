import { createHash } from "node:crypto";
import { expect } from "chai";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { CONSOLE_ADDRESS } from "../../src/execution/engine/console-address";
import type { EngineStep, Message } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { ReadBlocked } from "../../src/execution/location-reader";
import { bigIntToBytes32, bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { assemble, deploying, RETURN_TOP } from "../helpers/assembler";
import { environment } from "../helpers/environment";
import { type AccountDescription, MapState } from "../helpers/map-state";
import { messageOf } from "../helpers/message";

const CALLER: Address = "0xca11e40000000000000000000000000000000000";
const CONTRACT: Address = "0xc0de000000000000000000000000000000000000";
const OTHER: Address = "0x0ccc000000000000000000000000000000000000";

const engine = new EthereumjsEngine();

function message(changes: Partial<Message> = {}): Message {
  return messageOf({
    caller: CALLER,
    to: CONTRACT,
    warmAddresses: [CALLER, CONTRACT],
    ...changes,
  });
}

function viewOf(accounts: Record<Address, AccountDescription>, tracing = false): IncarnationView {
  return new IncarnationView(new BlockOverlay(new MapState(accounts)), tracing);
}

const cancun = environment("cancun");

describe("@ethereumjs engine", () => {
  it("the created address follows from the message's caller nonce", async () => {
    const view = viewOf({ [CALLER]: { nonce: 9n } });
    const data = deploying(Uint8Array.of(0));
    const result = await engine.run(message({ to: null, data, callerNonce: 4n }), cancun, view);
    // keccak256(rlp([caller, 4])), computed with ethers 6 getCreateAddress
    const { getCreateAddress } = await import("ethers");
    expect(result.createdAddress).to.equal(
      getCreateAddress({ from: CALLER, nonce: 4 }).toLowerCase(),
    );
    expect(view.nonce(CALLER), "the engine leaves the caller's nonce alone").to.equal(9n);
  });

  it("warm slots of the message cost 100, cold ones 2,100 (EIP-2929)", async () => {
    const code = assemble("0x1 SLOAD STOP");
    const cold = await engine.run(message(), cancun, viewOf({ [CONTRACT]: { code } }));
    const warm = await engine.run(
      message({ warmSlots: [{ address: CONTRACT, slots: [1n] }] }),
      cancun,
      viewOf({ [CONTRACT]: { code } }),
    );
    // PUSH1 3
    expect(cold.gasUsed).to.equal(2_103n);
    expect(warm.gasUsed).to.equal(103n);
  });

  it("precompiles are warm", async () => {
    const code = assemble("0x4 BALANCE STOP");
    const result = await engine.run(message(), cancun, viewOf({ [CONTRACT]: { code } }));
    expect(result.gasUsed).to.equal(103n);
  });

  it("transient storage lives as long as the message, and reverted frames leave none", async () => {
    const inner = assemble("0x7 0x1 TSTORE 0x0 0x0 REVERT");
    const code = assemble(
      `0x5 0x1 TSTORE 0x0 0x0 0x0 0x0 ${OTHER} GAS DELEGATECALL POP 0x1 TLOAD ${RETURN_TOP}`,
    );
    const accounts = { [CONTRACT]: { code }, [OTHER]: { code: inner } };
    const first = await engine.run(message(), cancun, viewOf(accounts));
    expect(BigInt(bytesToHex(first.returnData))).to.equal(5n);
    const reading = { [CONTRACT]: { code: assemble(`0x1 TLOAD ${RETURN_TOP}`) } };
    const next = await engine.run(message(), cancun, viewOf(reading));
    expect(BigInt(bytesToHex(next.returnData))).to.equal(0n);
  });

  it("console.log calls are handed out with their calldata, reverted ones too", async () => {
    const calls: string[] = [];
    const inner = assemble(`0x1234 0x0 MSTORE 0x0 0x0 0x2 0x1e ${CONSOLE_ADDRESS} GAS STATICCALL
      0x0 0x0 REVERT`);
    const code = assemble(`0x0 0x0 0x0 0x0 0x0 ${OTHER} GAS CALL STOP`);
    await engine.run(
      message(),
      cancun,
      viewOf({ [CONTRACT]: { code }, [OTHER]: { code: inner } }),
      { onConsoleLog: (data) => calls.push(bytesToHex(data)) },
    );
    expect(calls).to.deep.equal(["0x1234"]);
  });

  it("steps are told only to the message that asks for them", async () => {
    const steps: EngineStep[] = [];
    const accounts = { [CONTRACT]: { code: assemble("0x1 0x2 ADD STOP") } };
    await engine.run(message(), cancun, viewOf(accounts), { onStep: (step) => steps.push(step) });
    expect(steps.map(({ pc, opcodeName, stack }) => [pc, opcodeName, stack])).to.deep.equal([
      [0, "PUSH1", []],
      [2, "PUSH1", [1n]],
      [4, "ADD", [1n, 2n]],
      [5, "STOP", [3n]],
    ]);
    expect(steps[0]).to.deep.include({ gasLeft: 1_000_000n, gasCost: 3n, depth: 0 });
    await engine.run(message(), cancun, viewOf(accounts));
    expect(steps).to.have.length(4);
  });

  for (const [offset, length] of [
    ["0xffffffffffffffff", "0x1"],
    ["0x0", "0xffffffff"],
    ["0x20000000", "0x20"],
  ]) {
    it(`an observed REVERT of ${length} bytes at ${offset}, which its gas does not pay for, runs out of gas`, async () => {
      const steps: EngineStep[] = [];
      const accounts = { [CONTRACT]: { code: assemble(`${length} ${offset} REVERT`) } };
      const observed = await engine.run(message(), cancun, viewOf(accounts), {
        onStep: (step) => steps.push(step),
      });
      expect(observed.halt).to.deep.equal({ kind: "halt", reason: "OutOfGas" });
      expect(steps.map(({ pc }) => pc)).to.have.length(3);
      expect(steps.at(-1)?.opcodeName).to.equal("REVERT");
    });
  }

  it("the point evaluation precompile verifies proofs (EIP-4844)", async () => {
    // the zero polynomial: commitment and proof are the point at infinity, its value is 0 everywhere
    const infinity = Uint8Array.from([0xc0, ...new Uint8Array(47)]);
    const versionedHash = createHash("sha256").update(infinity).digest();
    versionedHash[0] = 1;
    const input = (value: bigint): Uint8Array =>
      Buffer.concat([
        versionedHash,
        bigIntToBytes32(5n),
        bigIntToBytes32(value),
        infinity,
        infinity,
      ]);
    const to: Address = "0x000000000000000000000000000000000000000a";
    const right = await engine.run(message({ to, data: input(0n) }), cancun, viewOf({}));
    // FIELD_ELEMENTS_PER_BLOB and BLS_MODULUS, EIP-4844
    expect(right.halt).to.equal(undefined);
    expect(bytesToHex(right.returnData)).to.equal(
      "0x000000000000000000000000000000000000000000000000000000000000100073eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001",
    );
    const wrong = await engine.run(message({ to, data: input(1n) }), cancun, viewOf({}));
    expect(wrong.halt).to.deep.equal({ kind: "halt", reason: "PrecompileFailed" });
    expect(wrong.gasUsed, "all gas is gone").to.equal(1_000_000n);
  });

  describe("after a blocked read", () => {
    class Blocking extends BlockOverlay {
      blocking = true;

      override storage(address: Address, slot: bigint): bigint {
        if (this.blocking && slot === 1n) {
          throw new ReadBlocked(7);
        }
        return super.storage(address, slot);
      }

      override balance(address: Address): bigint {
        if (this.blocking && address === OTHER) {
          throw new ReadBlocked(8);
        }
        return super.balance(address);
      }
    }

    it("the message throws it from any depth, and the next message runs as if nothing was", async () => {
      const inner = assemble("0x9 0x5 TSTORE 0x1 SLOAD STOP");
      const code = assemble(
        `0x3 0x5 TSTORE 0x0 0x0 0x0 0x0 ${OTHER} GAS DELEGATECALL POP 0x5 TLOAD ${RETURN_TOP}`,
      );
      const reader = new Blocking(new MapState({ [CONTRACT]: { code }, [OTHER]: { code: inner } }));
      for (const tracing of [false, true]) {
        reader.blocking = true;
        const blocked = new IncarnationView(reader, tracing);
        const error: unknown = await engine.run(message(), cancun, blocked).then(
          () => null,
          (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(ReadBlocked);
        expect(blocked.blockedOn).to.equal(7);
        reader.blocking = false;
        const free = new IncarnationView(reader, tracing);
        const result = await engine.run(message(), cancun, free);
        expect(BigInt(bytesToHex(result.returnData))).to.equal(9n);
      }
    });

    it("a value transfer that blocks is not a failed call, though ethereumjs swallows the exception", async () => {
      // OTHER pays 1 wei to CALLER: its balance is a blocked bound read in the transfer
      const reader = new Blocking(new MapState({ [OTHER]: { balance: 5n } }));
      const view = new IncarnationView(reader, false);
      const error: unknown = await engine
        .run(message({ caller: OTHER, to: CALLER, value: 1n }), cancun, view)
        .then(
          () => null,
          (reason: unknown) => reason,
        );
      expect(error).to.be.instanceOf(ReadBlocked);
      expect(view.blockedOn).to.equal(8);
    });

    it("messages of one engine may interleave", async () => {
      const code = assemble(`CALLER 0x0 SSTORE 0x0 SLOAD ${RETURN_TOP}`);
      const callers: Address[] = [CALLER, OTHER, CONTRACT];
      const results = await Promise.all(
        callers.map((caller) =>
          engine.run(message({ caller }), cancun, viewOf({ [CONTRACT]: { code } })),
        ),
      );
      expect(results.map(({ returnData }) => bytesToHex(returnData.subarray(12)))).to.deep.equal(
        callers,
      );
    });
  });

  it("BLOCKHASH of an ancestor that the environment does not know is a broken invariant", async () => {
    const code = assemble("0x3e0 BLOCKHASH STOP");
    const view = viewOf({ [CONTRACT]: { code } });
    const error: unknown = await engine.run(message(), cancun, view).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain("without the hash of its ancestor 992");
  });

  it("a transfer that would pass 2^256 - 1 fails", async () => {
    const view = viewOf({
      [CALLER]: { balance: 10n },
      [OTHER]: { balance: 2n ** 256n - 5n },
    });
    const result = await engine.run(message({ to: OTHER, value: 5n }), cancun, view);
    expect(result.halt).to.deep.equal({ kind: "halt", reason: "ValueOverflow" });
  });

  it("halts in the words of the contract", async () => {
    const reasons: [string, string][] = [
      ["INVALID", "InvalidOpcode"],
      ["ADD", "StackUnderflow"],
      ["0x5 JUMP", "InvalidJump"],
      ["JUMPDEST 0x0 JUMP", "OutOfGas"],
      ["0x0 0x0 REVERT", "Revert"],
    ];
    for (const [source, reason] of reasons) {
      const view = viewOf({ [CONTRACT]: { code: assemble(source) } });
      const result = await engine.run(message({ gasLimit: 10_000n }), cancun, view);
      expect(result.halt?.reason, source).to.equal(reason);
    }
    const deployed: [Uint8Array, string][] = [
      [deploying(Uint8Array.of(0xef)), "InvalidCode"],
      [assemble("0x6001 0x0 RETURN"), "CodeSizeExceeded"],
    ];
    for (const [data, reason] of deployed) {
      const gasLimit = 20_000_000n;
      const result = await engine.run(message({ to: null, data, gasLimit }), cancun, viewOf({}));
      expect(result.halt?.reason).to.equal(reason);
    }
  });

  it("sha256 and ecrecover give the published values", async () => {
    // SHA-256 of "" (FIPS 180-4)
    const view = viewOf({});
    const sha = await engine.run(
      message({ to: "0x0000000000000000000000000000000000000002" }),
      cancun,
      view,
    );
    expect(bytesToHex(sha.returnData)).to.equal(
      "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    // go-ethereum, core/vm/testdata/precompiles/ecRecover.json, "ValidKey"
    const recovered = await engine.run(
      message({
        to: "0x0000000000000000000000000000000000000001",
        data: hexToBytes(
          "0x18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c000000000000000000000000000000000000000000000000000000000000001c73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75feeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549",
        ),
      }),
      cancun,
      view,
    );
    expect(bytesToHex(recovered.returnData)).to.equal(
      "0x000000000000000000000000a94f5374fce5edbc8e2a8697c15331677e6ebf0b",
    );
  });
});
