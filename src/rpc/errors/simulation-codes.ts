/** Error codes of eth_simulateV1, as the Ethereum execution API specification has them. */
import type { InvalidTransaction } from "../../execution/invalid-transaction";
import { ErrorCode } from "./provider-error";

export const SimulationErrorCode = {
  NonceTooLow: -38010,
  NonceTooHigh: -38011,
  BaseFeeTooLow: -38012,
  IntrinsicGas: -38013,
  InsufficientFunds: -38014,
  BlockGasLimit: -38015,
  BlockNumber: -38020,
  Timestamp: -38021,
  SenderHasCode: -38024,
  InitCodeTooLarge: -38025,
  TooManyBlocks: -38026,
} as const;

/** Of failed calls inside an answer. */
export const CallErrorCode = { Reverted: 3, Halted: -32015 } as const;

const CODES: Partial<Record<InvalidTransaction["kind"], number>> = {
  NonceTooLow: SimulationErrorCode.NonceTooLow,
  NonceTooHigh: SimulationErrorCode.NonceTooHigh,
  FeeBelowBaseFee: SimulationErrorCode.BaseFeeTooLow,
  IntrinsicGas: SimulationErrorCode.IntrinsicGas,
  GasFloor: SimulationErrorCode.IntrinsicGas,
  InsufficientFunds: SimulationErrorCode.InsufficientFunds,
  SenderHasCode: SimulationErrorCode.SenderHasCode,
  InitCodeTooLarge: SimulationErrorCode.InitCodeTooLarge,
};

/** -32602 for a transaction whose fields do not fit together. */
export function simulationCode({ kind }: InvalidTransaction): number {
  return CODES[kind] ?? ErrorCode.InvalidParams;
}
