/** One message that loads, stores, logs and returns, and engines that are wrong about it, for tests of verifying. */
import { BlockOverlay } from "../../src/execution/block-overlay";
import type { Engine, EngineHooks, MessageResult } from "../../src/execution/engine/engine";
import { EthereumjsEngine } from "../../src/execution/engine/ethereumjs-engine";
import { createVerifyingEngine } from "../../src/execution/engine/verifying-engine";
import { IncarnationView } from "../../src/execution/incarnation-view";
import type { StateView } from "../../src/execution/state-view";
import type { Address } from "../../src/state/hex";
import { assemble } from "./assembler";
import { environment } from "./environment";
import { MapState } from "./map-state";
import { messageOf } from "./message";

export const SENDER: Address = "0x5e4de00000000000000000000000000000000001";
export const CONTRACT: Address = "0xc0de000000000000000000000000000000000001";
const CODE = assemble("0x1 SLOAD 0x1 ADD 0x1 SSTORE 0x0 0x0 LOG0 0x20 0x0 RETURN");

export const reference = new EthereumjsEngine();

export function stateOf(code: Uint8Array = CODE): MapState {
  return new MapState({ [CONTRACT]: { nonce: 1n, code }, [SENDER]: { balance: 10n } });
}

export function viewOf(state: MapState = stateOf(), tracing = false): IncarnationView {
  return new IncarnationView(new BlockOverlay(state), tracing);
}

export async function run(
  engine: Engine,
  view: StateView = viewOf(),
  hooks?: EngineHooks,
  hardfork = "cancun",
): Promise<MessageResult> {
  return engine.run(
    messageOf({ caller: SENDER, to: CONTRACT, gasLimit: 100_000n }),
    environment(hardfork),
    view,
    hooks,
  );
}

export type Fault = (result: MessageResult, view: StateView) => MessageResult;

/** The reference with something changed. */
export function faulty(change: Fault): Engine {
  return {
    run: async (message, block, view, hooks) =>
      change(await reference.run(message, block, view, hooks), view),
  };
}

/** What is thrown where the engine runs first, and where it runs second. */
export async function failures(
  engine: Engine,
  view: () => StateView = viewOf,
): Promise<readonly Error[]> {
  const verifying = createVerifyingEngine(engine, reference);
  const errors: Error[] = [];
  for (const turn of ["first", "second"]) {
    const thrown: unknown = await run(verifying, view()).catch((error: unknown) => error);
    if (!(thrown instanceof Error)) {
      throw new Error(`no difference was found where the engine ran ${turn}`);
    }
    errors.push(thrown);
  }
  return errors;
}
