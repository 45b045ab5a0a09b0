/**
 * What runs in the thread that has parts of the storage tries: piscina calls it once per state root.
 *
 * Owns: the parts of the store that it was asked about last.
 */
import { bigIntToHex32 } from "../state/bytes";
import type { Address } from "../state/hex";
import { createSharedStateStore } from "../state/shared-state-store";
import { RootReplica, type RootRequest } from "../state/trie/root-replica";
import { GuardedTasks } from "./guarded-tasks";
import { promptly } from "./prompt-answers";

let replica: RootReplica | null = null;

const tasks = new GuardedTasks();

/** Asked with null it gets ready. */
export default promptly((request: RootRequest | null) => tasks.run(() => answerTo(request)));

async function answerTo(request: RootRequest | null): Promise<Int32Array | null> {
  if (request === null) {
    await rehearse();
    return null;
  }
  if (replica?.store !== request.store) {
    replica = new RootReplica(request);
  }
  return replica.partsAt(request);
}

const REHEARSALS = 8;
const ROWS = 500;
const CONTRACT: Address = `0x${"c0".repeat(20)}`;

/** Makes roots of a state of its own, so that the first that somebody waits for is not slow. */
async function rehearse(): Promise<void> {
  let own: RootReplica | null = null;
  const rootThread = {
    minChanges: ROWS,
    maxRows: Number.POSITIVE_INFINITY,
    startCost: 0,
    isReady: true,
    start: async () => undefined,
    partsOf: async (request: RootRequest) => {
      own ??= new RootReplica(request);
      return own.partsAt(request);
    },
    collect: () => undefined,
    close: async () => undefined,
  };
  const store = createSharedStateStore({ rootThread });
  for (let rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
    for (let row = 0; row < ROWS; row++) {
      const number = BigInt(rehearsal * ROWS + row);
      store.setBalance(`0x${bigIntToHex32(number).slice(-40)}`, number + 1n);
      store.setStorage(CONTRACT, number << 128n, number + 1n);
    }
    await store.stateRootSoon().wait();
  }
}
