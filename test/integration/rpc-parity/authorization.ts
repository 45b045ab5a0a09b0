/** EIP-7702 authorizations as requests carry them. */
import { authorize } from "../../chain/authorize";

const CHAIN_ID = 31337n;

export interface AuthorizationFields {
  /** index of an account of the default mnemonic */
  readonly signer: number;
  readonly address: string;
  readonly nonce: bigint;
  readonly anyChain?: boolean;
}

export function authorizationJson({
  signer,
  address,
  nonce,
  anyChain = false,
}: AuthorizationFields): object {
  const chainId = anyChain ? 0n : CHAIN_ID;
  const signed = authorize(signer, { chainId, address: address as `0x${string}`, nonce }); // hex, as requests have it
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  return {
    chainId: hex(signed.chainId),
    address: signed.address,
    nonce: hex(signed.nonce),
    yParity: hex(signed.yParity),
    r: hex(signed.r),
    s: hex(signed.s),
  };
}
