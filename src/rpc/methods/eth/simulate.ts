/**
 * eth_simulateV1, which the stock network does not have: blocks of calls on top of a block, as the
 * Ethereum execution API specification and geth have it.
 *
 * Owns: the request's meaning and the answer's shape. Does not own: the simulation (chain/).
 */
import type { BlockSelector } from "../../../chain/chain";
import type { SimulatedBlock } from "../../../chain/simulation";
import type { SimulatedBlockRequest, SimulatedCallRequest } from "../../../chain/simulation-plan";
import { bytesToHex, hexToBytes } from "../../../state/bytes";
import type { Address } from "../../../state/hex";
import { blockToJson } from "../../codec/block";
import { receiptLogToJson } from "../../codec/log";
import { quantity } from "../../codec/quantity";
import { defined } from "../../codec/transaction";
import type { RpcContext } from "../../context";
import { CallErrorCode } from "../../errors/simulation-codes";
import { argumentError } from "../../errors/words";
import { callFees } from "../../fees";
import { type MethodTable, method } from "../../method";
import { blockSpecOrHash } from "../../params/block-spec";
import {
  type BlockOverrideParams,
  type SimulatedBlockParams,
  type SimulationParams,
  simulationParams,
} from "../../params/simulation";
import type { SimulatedCallParams } from "../../params/transaction-request";
import { required, trailing, tuple } from "../../params/tuple";
import { frameError, revertText } from "../../tracers/frame-errors";
import { accessList, transactionType } from "../../transactions/request-builder";
import { validateCall } from "../../validation";
import { stateOverrides } from "./call";

const ZERO_ADDRESS: Address = `0x${"00".repeat(20)}`;

async function simulate(
  context: RpcContext,
  params: SimulationParams,
  selector: BlockSelector,
): Promise<readonly object[]> {
  if (params.blockStateCalls.length === 0) {
    throw argumentError("eth_simulateV1 expects at least one block in blockStateCalls, got none");
  }
  const requests = params.blockStateCalls.map((block) => blockRequest(context, block, selector));
  const blocks = await context.chain.simulate(requests, selector, {
    validation: params.validation ?? false,
    traceTransfers: params.traceTransfers ?? false,
  });
  return blocks.map((block) => simulatedJson(context, block, params));
}

function blockRequest(
  context: RpcContext,
  { blockOverrides, stateOverrides: accounts, calls }: SimulatedBlockParams,
  selector: BlockSelector,
): SimulatedBlockRequest {
  for (const [address, { movePrecompileToAddress }] of accounts ?? []) {
    if (movePrecompileToAddress !== undefined) {
      throw unsupported(`stateOverrides.${address}.movePrecompileToAddress`);
    }
  }
  return {
    header: blockOverrides === undefined ? {} : headerOverrides(blockOverrides),
    state: stateOverrides(accounts ?? new Map(), "eth_simulateV1"),
    calls: (calls ?? []).map((call) => callRequest(context, call, selector)),
  };
}

function headerOverrides(given: BlockOverrideParams): SimulatedBlockRequest["header"] {
  if (given.blobBaseFee !== undefined) {
    throw unsupported("blockOverrides.blobBaseFee");
  }
  if (Array.isArray(given.withdrawals) ? given.withdrawals.length > 0 : given.withdrawals) {
    throw unsupported("blockOverrides.withdrawals");
  }
  return defined({
    number: given.number,
    timestamp: given.time,
    gasLimit: given.gasLimit,
    coinbase: given.feeRecipient,
    difficulty: given.difficulty,
    prevRandao: given.prevRandao,
    baseFeePerGas: given.baseFeePerGas,
    parentBeaconBlockRoot: given.beaconRoot,
  }) as SimulatedBlockRequest["header"]; // `defined` drops exactly the fields that must not be undefined
}

function unsupported(what: string): Error {
  return argumentError(`eth_simulateV1 does not support ${what} here: leave it out`);
}

function callRequest(
  context: RpcContext,
  params: SimulatedCallParams,
  selector: BlockSelector,
): SimulatedCallRequest {
  validateCall(context, params, selector);
  const { chainId } = context.chain.config;
  if (params.chainId !== undefined && params.chainId !== chainId) {
    throw argumentError(`The call is for chain ${params.chainId}, this is chain ${chainId}`);
  }
  const { gasPrice } = params;
  const fees =
    gasPrice === undefined
      ? callFees(params)
      : { maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice };
  return {
    from: params.from ?? ZERO_ADDRESS,
    ...(params.nonce === undefined ? {} : { nonce: params.nonce }),
    ...(params.gas === undefined ? {} : { gasLimit: params.gas }),
    transaction: {
      type: transactionType(context.hardfork, params),
      chainId,
      to: params.to ?? null,
      value: params.value ?? 0n,
      data: hexToBytes(params.data ?? "0x"),
      ...fees,
      accessList: accessList(params),
      blobVersionedHashes: [],
      maxFeePerBlobGas: 0n,
      signedAuthorizations: params.authorizationList ?? [],
    },
  };
}

function simulatedJson(
  { hardfork, dialect }: RpcContext,
  { block, calls }: SimulatedBlock,
  { returnFullTransactions: full = false }: SimulationParams,
): object {
  const { hash: blockHash, number: blockNumber, timestamp: blockTimestamp } = block.header;
  let logIndex = 0;
  return {
    ...blockToJson(block, { hardfork, full, pending: false }),
    calls: calls.map(({ outcome, logs }, transactionIndex) => ({
      // the data of a revert is in its error
      returnData: outcome.halt === undefined ? bytesToHex(outcome.returnData) : "0x",
      logs: logs.map((log) => {
        const transactionHash = block.transactions[transactionIndex]?.input.hash ?? blockHash;
        const place = { blockHash, blockNumber, blockTimestamp, transactionHash, transactionIndex };
        return receiptLogToJson({ log, ...place, logIndex: logIndex++ }, dialect);
      }),
      gasUsed: quantity(outcome.gasUsed),
      maxUsedGas: quantity(larger(outcome.gasBeforeRefund, outcome.gasUsed)),
      status: quantity(outcome.status),
      ...callError(outcome),
    })),
  };
}

function callError({ halt, returnData }: SimulatedBlock["calls"][number]["outcome"]): {
  readonly error?: object;
} {
  if (halt === undefined) {
    return {};
  }
  const message = frameError(halt);
  if (halt.kind !== "revert") {
    return { error: { code: CallErrorCode.Halted, message } };
  }
  const text = revertText(returnData);
  return {
    error: {
      code: CallErrorCode.Reverted,
      message: text === undefined ? message : `${message}: ${text}`,
      data: bytesToHex(returnData),
    },
  };
}

function larger(first: bigint, second: bigint): bigint {
  return first > second ? first : second;
}

export const simulateMethods: MethodTable = {
  eth_simulateV1: method(
    tuple<[SimulationParams, BlockSelector | undefined]>(
      "SimulateV1",
      required(simulationParams),
      trailing(blockSpecOrHash),
    ),
    (context, [params, selector]) => simulate(context, params, selector ?? "latest"),
  ),
};
