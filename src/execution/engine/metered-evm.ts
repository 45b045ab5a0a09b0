/**
 * @ethereumjs/evm meters gas for growth of the state (EIP-8037, experimental) in fields of the EVM, which
 * @ethereumjs/vm's runTx sets before a message and reads after it.
 *
 * Owns: those fields, message by message. Does not own: what the rest of a transaction makes of them
 * (../state-gas.ts).
 */
import { EVM, EVMError, type EVMOpts, type EVMResult } from "@ethereumjs/evm";
import type { StateGasUse } from "./engine";
import { RecordedAccessList } from "./recorded-access-list";

export class MeteredEvm extends EVM {
  protected readonly accessList: RecordedAccessList;

  constructor(options: EVMOpts) {
    const accessList = new RecordedAccessList();
    super({ ...options, blockLevelAccessList: accessList });
    this.accessList = accessList;
  }

  /** Whatever became of the last message. @param reservoir gas */
  protected beginStateGas(reservoir: bigint): void {
    this.stateGasReservoir = reservoir;
    this.executionStateGasUsed = 0n;
    this.eip2780PrepOog = false;
    this.eip7928CallPostTargetOog = false;
    this._stateGasSnapshots = [];
    this.createdAccountStateGas = new Map();
  }

  /** Null before EIP-8037. */
  protected stateGasUse({ execResult }: EVMResult): StateGasUse | null {
    if (!this.common.isActivatedEIP(8037)) {
      return null;
    }
    // As runTx has it: the whole reservoir goes if gas has ended in a call whose target was already accessed.
    const isDrained =
      this.eip7928CallPostTargetOog &&
      execResult.exceptionError?.error === EVMError.errorMessages.OUT_OF_GAS;
    return {
      used: this.executionStateGasUsed,
      reservoir: isDrained ? 0n : this.stateGasReservoir,
      endedBeforeStart: this.eip2780PrepOog,
    };
  }
}
