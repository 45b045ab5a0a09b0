/** A remote with contracts, transactions of several types and logs, the same each time. */
import { deployCode } from "../bytecode";
import { Anvil } from "./anvil";

/**
 * counter: slot 0 counts, slot of the caller is set to 7, a log with topic 0xaa; the new count is
 * returned, so that calls show it.
 */
const COUNTER =
  "600054600101" + // count + 1
  "80600055" + // slot 0
  "6007335560aa60006000a1" + // slot[caller] = 7; log
  "60005260206000f3"; // return the count

export interface PopulatedRemote {
  readonly anvil: Anvil;
  readonly accounts: readonly string[];
  readonly counter: string;
  /** hash of the counter's deployment */
  readonly deployment: string;
  /** hashes of calls of the counter, oldest first */
  readonly calls: readonly string[];
  readonly latest: number;
}

/** @param blocks how many there are after the deployment */
export async function populatedRemote(
  blocks: number,
  ...flags: readonly string[]
): Promise<PopulatedRemote> {
  const anvil = await Anvil.start(...flags);
  const accounts = (await anvil.request("eth_accounts")) as string[]; // JSON-RPC's
  const deployment = String(
    await anvil.request("eth_sendTransaction", {
      from: accounts[0],
      data: deployCode(COUNTER),
      gas: "0x7a120",
    }),
  );
  await anvil.request("evm_mine");
  const receipt = await anvil.request("eth_getTransactionReceipt", deployment);
  const { contractAddress: counter } = receipt as { contractAddress: string }; // a creation's
  const calls: string[] = [];
  for (let block = 0; block < blocks; block++) {
    if (block % 5 === 0) {
      const call = {
        from: accounts[block % 3],
        to: counter,
        gas: "0x186a0",
        ...(block % 2 === 0 ? {} : { gasPrice: "0x77359400" }),
        ...(block % 4 === 0 ? { accessList: [{ address: counter, storageKeys: [] }] } : {}),
      };
      calls.push(String(await anvil.request("eth_sendTransaction", call)));
      const transfer = { from: accounts[4], to: accounts[5], value: "0x5" };
      await anvil.request("eth_sendTransaction", transfer);
    }
    await anvil.request("evm_mine");
  }
  return { anvil, accounts, counter, deployment, calls, latest: blocks + 1 };
}
