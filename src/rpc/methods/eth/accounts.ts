/** Accounts, signatures and facts about the network. */
import type { Address, Hex } from "../../../state/hex";
import { quantity } from "../../codec/quantity";
import { type MethodTable, method } from "../../method";
import { typedData } from "../../params/other-values";
import type { JsonObject } from "../../params/place";
import { bytes } from "../../params/scalars";
import { strictAddress } from "../../params/strict-strings";
import { none, required, tuple } from "../../params/tuple";
import { signMessage, signTypedData } from "../../signing";

export const accountMethods: MethodTable = {
  eth_accounts: method(none, ({ accounts }) => accounts.owned),
  eth_coinbase: method(none, ({ chain }) => chain.coinbase),
  eth_chainId: method(none, ({ chain }) => quantity(chain.config.chainId)),
  eth_syncing: method(none, () => false),
  eth_sign: method(
    tuple<[Address, Hex]>("EthSign", required(strictAddress), required(bytes)),
    ({ accounts }, [signer, message]) => signMessage(accounts, signer, message),
  ),
  personal_sign: method(
    tuple<[Hex, Address]>("PersonalSign", required(bytes), required(strictAddress)),
    ({ accounts }, [message, signer]) => signMessage(accounts, signer, message),
  ),
  eth_signTypedData_v4: method(
    tuple<[Address, JsonObject]>("SignTypedDataV4", required(strictAddress), required(typedData)),
    ({ accounts }, [signer, data]) => signTypedData(accounts, signer, data),
  ),
};
