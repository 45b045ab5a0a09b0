/** Malformed and odd parameters: messages, columns, codes and data equal the stock network's. */
import { REQUESTS } from "./odd-requests";
import { Pair } from "./pair";

describe("parameters are read as the stock network reads them", () => {
  let pair: Pair;

  before(async () => {
    pair = await Pair.start();
  });

  after(() => pair.close());

  for (const [group, requests] of Object.entries(REQUESTS)) {
    describe(group, () => {
      for (const [method, ...params] of requests) {
        it(`${method} ${JSON.stringify(params).slice(0, 120)}`, async () => {
          await pair.compare(method, ...params);
        });
      }
    });
  }
});
