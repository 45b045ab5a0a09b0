/** A remote without a node: faults of a proxy that answer as one whose state is empty. */
import type { ServerResponse } from "node:http";
import type { Fault, ProxiedCall } from "./slow-proxy";

/** Looks in a row that saw no other request come, after which those that came are answered. */
const QUIET_LOOKS = 5;
/** ms; looks are counted and not the time, which also goes by while the machine is busy elsewhere */
const BETWEEN_LOOKS = 10;

/** Zero for every number, no code; in a batch's order. */
export function answerEmpty(calls: readonly ProxiedCall[], response: ServerResponse): true {
  const answers = calls.map(({ id, method }) => ({
    jsonrpc: "2.0",
    id,
    result: method === "eth_getCode" ? "0x" : "0x0",
  }));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answers.length === 1 ? answers[0] : answers));
  return true;
}

/** Answers nothing as long as requests come: so all are open together that are sent without an answer. */
export class PatientRemote {
  /** requests that were open together, at most */
  largest = 0;
  readonly #held: (() => void)[] = [];
  #quietLooks = 0;

  readonly fault: Fault = async (calls, response) => {
    await new Promise<void>((resolve) => {
      this.#held.push(resolve);
      this.largest = Math.max(this.largest, this.#held.length);
      this.#quietLooks = 0;
      if (this.#held.length === 1) {
        this.#look();
      }
    });
    return answerEmpty(calls, response);
  };

  #look(): void {
    setTimeout(() => {
      this.#quietLooks++;
      if (this.#quietLooks <= QUIET_LOOKS) {
        this.#look();
        return;
      }
      for (const release of this.#held.splice(0)) {
        release();
      }
    }, BETWEEN_LOOKS);
  }
}
