/**
 * One block on each: eight times six senders enqueue a message, a poster puts them into a batch, and an
 * outbox pays somebody.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const SENDERS = 48;
const BATCHES = 8;
const PER_BATCH = SENDERS / BATCHES;
const gasLimit = 250_000n;
const value = 1_000n;

async function main() {
  const people = (await ethers.getSigners()).slice(1, 1 + SENDERS + 2 * BATCHES);
  const senders = people.slice(0, SENDERS);
  const posters = people.slice(SENDERS, SENDERS + BATCHES);
  const outboxes = people.slice(SENDERS + BATCHES);
  const hash = (text: string) => ethers.id(text);
  const groups = posters.map((poster, k) => ({
    k,
    poster,
    outbox: outboxes[k],
    group: senders.slice(k * PER_BATCH, (k + 1) * PER_BATCH),
  }));

  const inbox = await ethers.deployContract("RollupInbox", [posters, outboxes], { value });
  await runLoad({
    "turns of an inbox with two chains": groups.flatMap(({ k, poster, outbox, group }) => [
      ...group.map(
        (sender, i) => () => inbox.connect(sender).enqueue(hash(`message ${k} ${i}`), { gasLimit }),
      ),
      () => {
        const read = (k + 1) * PER_BATCH;
        return inbox
          .connect(poster)
          .postBatch(hash(`batch ${k}`), read, k * PER_BATCH, read, { gasLimit });
      },
      () => inbox.connect(outbox).executeCall(group[0], 5n, "0x", { gasLimit }),
    ]),
  });

  const queues = await ethers.deployContract("SenderQueues", [posters, outboxes], { value });
  await runLoad({
    "turns of an inbox with chains of their own": groups.flatMap(({ k, poster, outbox, group }) => [
      ...group.map(
        (sender, i) => () =>
          queues.connect(sender).enqueue(hash(`message ${k} ${i}`), { gasLimit }),
      ),
      () => queues.connect(poster).postBatch(hash(`batch ${k}`), group, { gasLimit }),
      () => queues.connect(outbox).executeCall(group[0], 5n, "0x", { gasLimit }),
    ]),
  });
}

run(main);
