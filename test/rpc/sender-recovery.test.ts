/** Senders are recovered when transactions are received, which is no part of mining. */
import { expect } from "chai";
import { sign } from "../../src/crypto/secp256k1";
import { createParallelNetwork, type ParallelNetwork } from "../../src/network";
import { bigIntToBytes32, bytesToHex, hexToBytes } from "../../src/state/bytes";
import type { Address } from "../../src/state/hex";
import { account, signed } from "../chain/network-pair";
import { assemble } from "../helpers/assembler";
import { networkOptions } from "../helpers/our-network";
import { countRecoveries, type Recoveries } from "../helpers/sender-recoveries";

const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
/** Hashes a kilobyte so many times, so that threads have the time to take part; recovers the signer of what follows. */
const CODE = assemble(`
  0x0 CALLDATALOAD JUMPDEST 0x400 0x0 KECCAK256 POP 0x1 DUP2 SUB SWAP1 POP DUP1 0x3 JUMPI
  0x80 0x20 0x0 CALLDATACOPY 0x20 0x0 0x80 0x0 0x1 GAS STATICCALL STOP`);
/** some 900,000 gas */
const COUNT = bigIntToBytes32(3500n);
const TRANSACTIONS = 12;
/** The most that are mined until a thread takes part. */
const BLOCKS = 10;

/** What the precompile takes: hash, v, r, s. */
function signature(): Uint8Array {
  const hash = bigIntToBytes32(1n);
  const { r, s, yParity } = sign(hash, hexToBytes(account(0).key));
  return Buffer.concat([hash, ...[27n + BigInt(yParity), r, s].map(bigIntToBytes32)]);
}

for (const [where, threads] of [
  ["in one thread", undefined],
  ["on threads", 3],
] as const) {
  describe(`mining ${where}`, () => {
    let recoveries: Recoveries;
    let network: ParallelNetwork;
    let modes: string[];
    let incarnations: number;
    let nonce: bigint;
    beforeEach(async () => {
      recoveries = countRecoveries();
      modes = [];
      incarnations = 0;
      nonce = 0n;
      network = await createParallelNetwork({
        ...networkOptions({ automine: false, ...(threads === undefined ? {} : { threads }) }),
        // a recorded block waits for threads
        record: ({ observed }) => {
          modes.push(observed.mode);
          incarnations = observed.incarnations.reduce((sum, count) => sum + count, 0);
        },
      });
      await ask("hardhat_setCode", CONTRACT, bytesToHex(CODE));
      await send(COUNT);
      await mine(); // threads have started then
      recoveries.take();
    });
    afterEach(async () => {
      await network.close();
      recoveries.stop();
    });

    const ask = (method: string, ...params: unknown[]): Promise<unknown> =>
      network.request({ method, params });

    /** Of all types, from all accounts. */
    async function send(data: Uint8Array): Promise<void> {
      for (const type of [0, 1, 2] as const) {
        for (const from of [0, 1, 2, 3]) {
          const request = { type, nonce, to: CONTRACT, data, gasLimit: 1_000_000n };
          await ask("eth_sendRawTransaction", bytesToHex(signed(from, request).raw));
        }
        nonce++;
      }
    }

    async function mine(): Promise<void> {
      await ask("evm_mine");
      const count = await ask("eth_getBlockTransactionCountByNumber", "latest");
      expect(count).to.equal("0xc");
      expect(modes.at(-1)).to.equal(threads === undefined ? "inThread" : "parallel");
    }

    it("recovers no sender: each was, once, when its transaction came", async () => {
      await send(COUNT);
      expect(recoveries.take()).to.deep.equal({ here: TRANSACTIONS, inThreads: 0 });
      await mine();
      expect(recoveries.take()).to.deep.equal({ here: 0, inThreads: 0 });
    });

    it("recovers what contracts ask for, in each of the threads (the check checks)", async () => {
      const calldata = Buffer.concat([COUNT, signature()]);
      let tookPart = false;
      // where the machine is busy, the calling thread may have done a block before another one is awake
      for (let block = 0; block < (threads === undefined ? 1 : BLOCKS) && !tookPart; block++) {
        await send(calldata);
        recoveries.take();
        await mine();
        const { here, inThreads } = recoveries.take();
        expect(here + inThreads).to.equal(incarnations);
        tookPart = inThreads > 0;
      }
      expect(tookPart).to.equal(threads !== undefined);
    });
  });
}
