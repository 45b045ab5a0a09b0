/** hardhat_set*: state and the next block, changed by fiat. */

import { hexToBytes } from "../../../state/bytes";
import type { Address, Hex } from "../../../state/hex";
import { inputError } from "../../errors/words";
import { isAtLeast } from "../../hardforks";
import { type MethodTable, method } from "../../method";
import { address, hash, u128 } from "../../params/scalars";
import {
  strictAddress,
  strictData,
  strictNonce,
  strictQuantity,
  strictStorageKey,
  strictStorageValue,
} from "../../params/strict-strings";
import { required, single, tuple } from "../../params/tuple";

export const stateMethods: MethodTable = {
  hardhat_setBalance: method(
    tuple<[Address, bigint]>("SetBalance", required(strictAddress), required(strictQuantity)),
    async ({ chain }, [account, balance]) => {
      await chain.setBalance(account, balance);
      return true;
    },
  ),
  hardhat_setCode: method(
    tuple<[Address, Hex]>("SetCode", required(strictAddress), required(strictData)),
    async ({ chain }, [account, code]) => {
      await chain.setCode(account, hexToBytes(code));
      return true;
    },
  ),
  hardhat_setNonce: method(
    tuple<[Address, bigint]>("SetNonce", required(strictAddress), required(strictNonce)),
    async ({ chain }, [account, nonce]) => {
      await chain.setNonce(account, nonce);
      return true;
    },
  ),
  hardhat_setStorageAt: method(
    tuple<[Address, bigint, bigint]>(
      "SetStorageAt",
      required(strictAddress),
      required(strictStorageKey),
      required(strictStorageValue),
    ),
    async ({ chain }, [account, slot, value]) => {
      await chain.setStorage(account, slot, value);
      return true;
    },
  ),
  hardhat_setCoinbase: method(single(address), ({ chain }, coinbase) => {
    chain.setCoinbase(coinbase);
    return true;
  }),
  hardhat_setMinGasPrice: method(single(u128), ({ chain, hardfork }, price) => {
    if (isAtLeast(hardfork, "london")) {
      throw inputError("hardhat_setMinGasPrice is not supported when EIP-1559 is active");
    }
    chain.setMinGasPrice(price);
    return true;
  }),
  hardhat_setNextBlockBaseFeePerGas: method(single(u128), ({ chain, hardfork }, baseFee) => {
    if (!isAtLeast(hardfork, "london")) {
      throw inputError(
        "hardhat_setNextBlockBaseFeePerGas is disabled because EIP-1559 is not active",
      );
    }
    chain.setNextBaseFeePerGas(baseFee);
    return true;
  }),
  hardhat_setPrevRandao: method(single(hash), ({ chain, hardfork, dialect }, value) => {
    if (!isAtLeast(hardfork, "merge")) {
      throw inputError(
        `hardhat_setPrevRandao is only available in post-merge hardforks, the current hardfork is ${dialect.hardfork(hardfork)}`,
      );
    }
    chain.setPrevRandao(value);
    return true;
  }),
};
