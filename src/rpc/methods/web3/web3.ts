/** web3_* */
import { keccak256Hex } from "../../../crypto/keccak256";
import { hexToBytes } from "../../../state/bytes";
import { type MethodTable, method } from "../../method";
import { bytes } from "../../params/scalars";
import { none, single } from "../../params/tuple";

export const web3Methods: MethodTable = {
  web3_clientVersion: method(none, ({ options }) => options.clientVersion),
  web3_sha3: method(single(bytes), (_, data) => keccak256Hex(hexToBytes(data))),
};
