/**
 * Methods that the stock network does not have, as another client answers them (anvil, on the
 * loopback interface), and by hand where anvil differs from geth.
 */
import { expect } from "chai";
import type { ParallelNetwork } from "../../src/network";
import { bytesToHex } from "../../src/state/bytes";
import { assemble } from "../helpers/assembler";
import { deployCode, PROGRAMS } from "../helpers/bytecode";
import { startOurs } from "../helpers/our-network";
import { Anvil } from "../helpers/remote/anvil";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const at = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;
const word = (number: number): string => `0x${number.toString(16).padStart(64, "0")}`;
const code = (source: string): string => bytesToHex(assemble(source));

const COUNTER = at(0xc001);
const READER = at(0xc002);
const REVERTER = at(0xc003);
const CALLER = at(0xc004);
const CHOOSER = at(0xc005);

const CODES: Readonly<Record<string, string>> = {
  [COUNTER]: `0x${PROGRAMS.counter}`,
  [READER]: code(`${B} BALANCE ${COUNTER} EXTCODESIZE ${REVERTER} EXTCODEHASH 0x7 SLOAD STOP`),
  [REVERTER]: code("0x5 SLOAD 0x0 0x0 REVERT"),
  // a call of the counter, one of a precompile, one of itself
  [CALLER]: code(
    `0x0 0x0 0x0 0x0 0x0 ${COUNTER} 0xc350 CALL 0x0 0x0 0x0 0x0 0x4 0xc350 STATICCALL
     0x9 SLOAD 0x0 0x0 0x0 0x0 ${REVERTER} 0xc350 STATICCALL STOP`,
  ),
  // which slot it reads depends on what reading slot 1 cost, and so on the access list
  [CHOOSER]: code("GAS 0x1 SLOAD POP GAS SWAP1 SUB 0x3e8 LT SLOAD STOP"),
};

describe("methods beyond the stock network", () => {
  let ours: ParallelNetwork;
  let anvil: Anvil;

  const ask = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    ours.request({ method, params });

  before(async () => {
    ours = await startOurs();
    anvil = await Anvil.start();
    for (const [address, runtime] of Object.entries(CODES)) {
      await ask("hardhat_setCode", address, runtime);
      await anvil.request("anvil_setCode", address, runtime);
    }
  });

  after(async () => {
    await ours.close();
    await anvil.stop();
  });

  interface AccessList {
    readonly accessList: readonly { readonly address: string; readonly storageKeys: string[] }[];
    readonly gasUsed: string;
    readonly error?: string;
  }

  const sorted = ({ accessList }: AccessList): unknown =>
    accessList
      .map(({ address, storageKeys }) => `${address} ${[...storageKeys].sort().join(" ")}`)
      .sort();

  const accessListOf = async (transaction: object): Promise<AccessList> =>
    (await ask("eth_createAccessList", transaction)) as AccessList; // its format

  describe("eth_createAccessList", () => {
    for (const [name, to] of [
      ["slots of the called contract", COUNTER],
      ["accounts that are looked at", READER],
      ["contracts that are called", CALLER],
      ["nothing", B],
    ] as const) {
      it(`names ${name}, as anvil does`, async () => {
        const transaction = { from: A, to, gas: "0x30d40" };
        const theirs = (await anvil.request("eth_createAccessList", transaction)) as AccessList;
        const own = await accessListOf(transaction);
        expect(sorted(own)).to.deep.equal(sorted(theirs));
        expect(own.gasUsed).to.equal(theirs.gasUsed);
      });
    }

    it("goes on until the list is enough for itself", async () => {
      // without a list SLOAD(1) costs 2100 and the next slot is 1 again; with slot 1 in the list it
      // costs 100 and the next slot is 0, which the second round adds
      const { accessList } = await accessListOf({ from: A, to: CHOOSER, gas: "0x30d40" });
      expect(accessList).to.deep.equal([{ address: CHOOSER, storageKeys: [word(1), word(0)] }]);
    });

    it("tells of a failure beside the list", async () => {
      const { accessList, error } = await accessListOf({ from: A, to: REVERTER, gas: "0x30d40" });
      expect(accessList).to.deep.equal([{ address: REVERTER, storageKeys: [word(5)] }]);
      expect(error).to.equal("execution reverted");
    });

    it("keeps what the request names, and names no sender, receiver, precompile by itself", async () => {
      const given = [{ address: B, storageKeys: [word(3)] }];
      const { accessList } = await accessListOf({ from: A, to: CALLER, accessList: given });
      expect(accessList.map(({ address }) => address)).to.deep.equal([
        B,
        COUNTER,
        CALLER,
        REVERTER,
      ]);
      const creation = await accessListOf({ from: A, data: deployCode(PROGRAMS.stop) });
      expect(creation.accessList).to.deep.equal([]);
    });

    it("is refused on hardforks without access lists", async () => {
      const old = await startOurs({ hardfork: "istanbul" });
      const refusal = await old
        .request({ method: "eth_createAccessList", params: [{ from: A, to: B }] })
        .catch((error: { code: number }) => error);
      expect(refusal).to.include({ code: -32602 });
      await old.close();
    });
  });

  describe("eth_getBlockReceipts", () => {
    it("gives the receipts of a block by number, tag and hash", async () => {
      await ask("evm_setAutomine", false);
      const hashes: unknown[] = [];
      for (const to of [COUNTER, REVERTER, COUNTER]) {
        hashes.push(await ask("eth_sendTransaction", { from: A, to, gas: "0x30d40" }));
      }
      const pending = (await ask("eth_getBlockReceipts", "pending")) as { status: string }[];
      expect(pending.map(({ status }) => status)).to.deep.equal(["0x1", "0x0", "0x1"]);
      await ask("evm_mine");
      await ask("evm_setAutomine", true);
      const single = await Promise.all(
        hashes.map((hash) => ask("eth_getTransactionReceipt", hash)),
      );
      const block = (await ask("eth_getBlockByNumber", "latest", false)) as {
        hash: string;
        number: string;
      };
      for (const selector of ["latest", block.number, block.hash, { blockHash: block.hash }]) {
        expect(await ask("eth_getBlockReceipts", selector)).to.deep.equal(single);
      }
      expect(await ask("eth_getBlockReceipts", "earliest")).to.deep.equal([]);
      expect(await ask("eth_getBlockReceipts", "0xffff")).to.equal(null);
      expect(await ask("eth_getBlockReceipts", word(7))).to.equal(null);
    });
  });
});
