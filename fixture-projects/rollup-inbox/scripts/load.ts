/** One block on each: eight times seven senders enqueue a message and a poster puts them into a batch. */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const SENDERS = 56;
const BATCHES = 8;
const PER_BATCH = SENDERS / BATCHES;
const gasLimit = 250_000n;

async function main() {
  const people = (await ethers.getSigners()).slice(1, 1 + SENDERS + BATCHES);
  const senders = people.slice(0, SENDERS);
  const posters = people.slice(SENDERS);
  const hash = (text: string) => ethers.id(text);
  const groups = posters.map((poster, k) => ({
    k,
    poster,
    group: senders.slice(k * PER_BATCH, (k + 1) * PER_BATCH),
  }));

  const inbox = await ethers.deployContract("RollupInbox", [posters]);
  await runLoad({
    "messages and batches in two chains": groups.flatMap(({ k, poster, group }) => [
      ...group.map(
        (sender, i) => () => inbox.connect(sender).enqueue(hash(`message ${k} ${i}`), { gasLimit }),
      ),
      () => {
        const read = (k + 1) * PER_BATCH;
        return inbox
          .connect(poster)
          .postBatch(hash(`batch ${k}`), read, k * PER_BATCH, read, { gasLimit });
      },
    ]),
  });

  const queues = await ethers.deployContract("SenderQueues", [posters]);
  await runLoad({
    "messages and batches in chains of their own": groups.flatMap(({ k, poster, group }) => [
      ...group.map(
        (sender, i) => () =>
          queues.connect(sender).enqueue(hash(`message ${k} ${i}`), { gasLimit }),
      ),
      () => queues.connect(poster).postBatch(hash(`batch ${k}`), group, { gasLimit }),
    ]),
  });
}

run(main);
