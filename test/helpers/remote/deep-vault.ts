/**
 * A remote with a contract whose transactions reach their slots one after the other: proxy,
 * implementation, a balance, an allowance, another balance, another account. Against a remote each step
 * is a miss that shows only when the one before it is there.
 */
import { bytesToHex } from "../../../src/state/bytes";
import { assemble, deploying } from "../assembler";
import type { Anvil } from "./anvil";

/** Adds one to the slot on the stack. */
const COUNT = "DUP1 SLOAD 0x1 ADD SWAP1 SSTORE";
/** keccak256(the word on the stack, base): a mapping's slot */
const keyed = (base: string) => `0x0 MSTORE ${base} 0x20 MSTORE 0x40 0x0 KECCAK256`;

/** Calls the code at slot 0 with its own calldata, as a proxy does. */
const PROXY = `
  CALLDATASIZE 0x0 0x0 CALLDATACOPY
  0x0 0x0 CALLDATASIZE 0x0 0x0 SLOAD GAS DELEGATECALL
  0x0 MSTORE 0x20 0x0 RETURN`;

/**
 * f(address spender, address other, uint256 also): counts in balances[caller] (mapping 1),
 * allowances[caller][spender] (2) and balances[spender], calls `other`, and reads slot `also`.
 */
const IMPLEMENTATION = `
  CALLER ${keyed("0x1")} ${COUNT}
  CALLER ${keyed("0x2")} 0x20 MSTORE 0x4 CALLDATALOAD 0x0 MSTORE 0x40 0x0 KECCAK256 ${COUNT}
  0x4 CALLDATALOAD ${keyed("0x1")} ${COUNT}
  0x0 0x0 0x0 0x0 0x0 0x24 CALLDATALOAD GAS CALL POP
  0x44 CALLDATALOAD SLOAD POP STOP`;

export interface DeepVault {
  /** two proxies with the same code and the same implementation */
  readonly proxies: readonly [string, string];
}

/** Deploys it, with a slot of every kind that is not zero. */
export async function deployDeepVault(anvil: Anvil): Promise<DeepVault> {
  const [from] = (await anvil.request("eth_accounts")) as string[]; // JSON-RPC's
  const deploy = async (source: string): Promise<string> => {
    const data = bytesToHex(deploying(assemble(source)));
    const hash = await anvil.request("eth_sendTransaction", { from, data, gas: "0x7a120" });
    await anvil.request("evm_mine");
    const receipt = await anvil.request("eth_getTransactionReceipt", hash);
    return (receipt as { contractAddress: string }).contractAddress; // a creation's
  };
  const implementation = await deploy(IMPLEMENTATION);
  const proxies = [await deploy(PROXY), await deploy(PROXY)] as const;
  for (const proxy of proxies) {
    const value = `0x${implementation.slice(2).padStart(64, "0")}`;
    await anvil.request("anvil_setStorageAt", proxy, "0x0", value);
  }
  await anvil.request("evm_mine");
  return { proxies };
}

/** The n-th user: a sender, who has nothing of it yet. */
export function user(n: number): string {
  return `0x${(0x5000_0000 + n).toString(16).padStart(40, "7")}`;
}

/** Calldata of a call of the function. */
export function vaultCall(spender: string, other: string, also = 0n): string {
  const words = [spender.slice(2), other.slice(2), also.toString(16)];
  return `0xdeadbeef${words.map((text) => text.padStart(64, "0")).join("")}`;
}
