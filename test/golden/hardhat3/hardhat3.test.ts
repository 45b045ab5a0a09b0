/**
 * The "hardhat3" dialect gives the answers that Hardhat 3.18.0 gave (../expected/hardhat3-answers.json, written by
 * record.mjs): results and errors, field by field and in order.
 *
 * Not compared: hardhat_metadata.instanceId (random), the order of muxTracer's results (a hash map's).
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { createParallelNetwork, type ParallelNetwork } from "../../../src/network";
import { networkOptions } from "../../helpers/our-network";

interface Recorded {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly result?: unknown;
  readonly error?: { readonly data?: unknown };
}

const GROUPS: Readonly<Record<string, { hardfork: string; requests: readonly Recorded[] }>> =
  JSON.parse(readFileSync(path.join(__dirname, "../expected/hardhat3-answers.json"), "utf8"));

for (const [name, { hardfork, requests }] of Object.entries(GROUPS)) {
  describe(`Hardhat 3's answers: ${name}`, () => {
    let network: ParallelNetwork;

    before(async () => {
      network = await createParallelNetwork({
        ...networkOptions({ hardfork }),
        dialect: "hardhat3",
        clientVersion: "HardhatNetwork/3.18.0/@nomicfoundation/edr/0.3.8",
      });
    });

    after(() => network.close());

    it(`${requests.length} requests`, async () => {
      for (const [index, request] of requests.entries()) {
        const answer = comparable(request, await answerOf(network, request));
        const { method, params, ...recorded } = request;
        const expected = comparable(request, recorded);
        const title = `request ${index}: ${method} ${JSON.stringify(params).slice(0, 300)}`;
        expect(JSON.parse(answer), title).to.deep.equal(JSON.parse(expected));
        if (!expected.includes("muxTracer") && !JSON.stringify(params).includes("muxTracer")) {
          expect(answer, `order of fields: ${title}`).to.equal(expected);
        }
      }
    });
  });
}

async function answerOf(
  network: ParallelNetwork,
  { method, params, error }: Recorded,
): Promise<unknown> {
  try {
    return { result: await network.request({ id: idOf(error), method, params }) };
  } catch (thrown) {
    // fields of whatever error it is
    const fields = thrown as Readonly<Record<string, unknown>>;
    const { name, message, code, data, transactionHash } = fields;
    return { error: { name, message, code, data, transactionHash } };
  }
}

/** Errors about a request's shape show its number. */
function idOf(error: Recorded["error"]): number | null {
  const data = error?.data;
  return typeof data === "object" && data !== null && "id" in data ? Number(data.id) : null;
}

function comparable({ method }: Recorded, answer: unknown): string {
  return JSON.stringify(answer, (key, value: unknown) => {
    if (typeof value === "bigint") {
      return value.toString();
    }
    return method === "hardhat_metadata" && key === "instanceId" ? undefined : value;
  });
}
