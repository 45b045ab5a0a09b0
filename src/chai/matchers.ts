/**
 * The matchers as a chai plugin. Each answers a promise: what transactions did has to be asked from the
 * network. Messages name the slots, both functions and the reason.
 *
 * Owns: the matchers. Does not own: what transactions did (project/), the wait (awaited.ts).
 */
import { currentProject } from "../project/project";
import { transactionHash } from "../project/transaction-hash";
import { awaited } from "./awaited";
import type { Judgement } from "./judgement";
import { meansPlace, requireKnown } from "./slot-reference";
import { batchSubject, examineList, type Subject, transactionSubject } from "./subjects";
import { parallelismThreshold, speedupThreshold } from "./threshold";
import { conflictLines, placeName, transactionWords } from "./words";

/** `chai.use(parallelMatchers)`; importing "hardhat-parallel/chai" does it. */
export function parallelMatchers(chai: Chai.ChaiStatic, utils: Chai.ChaiUtils): void {
  const { Assertion } = chai;

  /** Asserts a judgement when it is there; `not` is what it was when the matcher was called. */
  const assertLater = (
    assertion: Chai.AssertionStatic,
    name: string,
    judge: () => Promise<Judgement>,
  ): Promise<void> => {
    const negated = utils.flag(assertion, "negate") === true;
    const calledAt = new Error();
    return awaited(negated ? `not.${name}` : name, async () => {
      try {
        const { holds, expected, notExpected, conflicts } = await judge();
        const lines = conflicts.length === 0 ? "" : `:\n${conflictLines(conflicts)}`;
        // functions: chai would read #{…} in a plain message as a tag
        assertion.assert(
          holds,
          () => expected + lines,
          () => notExpected + lines,
          undefined,
        );
      } catch (error) {
        throw calledFrom(error, calledAt);
      }
    });
  };

  const subjectOf = (assertion: Chai.AssertionStatic): unknown => utils.flag(assertion, "object");

  Assertion.addMethod("conflictWith", function (this: Chai.AssertionStatic, other: unknown) {
    const subject = subjectOf(this);
    return assertLater(this, "conflictWith(tx)", async () => {
      const first = await transactionSubject(subject, "conflictWith");
      const second = transactionHash(await other);
      return judgePair(await examineList([first, second]));
    });
  });

  Assertion.addMethod(
    "conflictOnlyOn",
    function (this: Chai.AssertionStatic, names: string | readonly string[]) {
      const subject = subjectOf(this);
      const list = typeof names === "string" ? [names] : names;
      return assertLater(this, `conflictOnlyOn(${list.join(", ")})`, async () =>
        judgeOnlyOn(await batchSubject(subject, "conflictOnlyOn"), list),
      );
    },
  );

  Assertion.addMethod("touchSlot", function (this: Chai.AssertionStatic, name: string) {
    const subject = subjectOf(this);
    return assertLater(this, `touchSlot(${name})`, async () => {
      const hash = await transactionSubject(subject, "touchSlot");
      return judgeTouch(await examineList([hash]), name);
    });
  });

  for (const [property, threshold] of [
    ["haveParallelism", parallelismThreshold],
    ["haveSpeedup", speedupThreshold],
  ] as const) {
    Assertion.addProperty(property, function (this: Chai.AssertionStatic) {
      const subject = subjectOf(this);
      return threshold((name, judge) =>
        assertLater(this, name, async () => judge(await batchSubject(subject, property))),
      );
    });
  }
}

/** The error with the stack of the test that asserted: its own begins after the network answered. */
function calledFrom(error: unknown, { stack = "" }: Error): unknown {
  if (error instanceof Error) {
    const frames = stack
      .split("\n")
      .filter((line) => /^\s+at /.test(line) && !line.includes(__dirname));
    error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
  }
  return error;
}

function judgePair(pair: Subject): Judgement {
  const [first = "", second = ""] = pair.hashes.map((hash, i) =>
    transactionWords(hash, pair.functions[i] ?? null),
  );
  return {
    holds: pair.conflicts.length > 0,
    expected: `expected ${first} to conflict with ${second}, but the later one reads nothing that the earlier one wrote`,
    notExpected: `expected ${first} not to conflict with ${second}, but the later one reads what the earlier one wrote`,
    conflicts: pair.conflicts,
  };
}

async function judgeOnlyOn(batch: Subject, names: readonly string[]): Promise<Judgement> {
  await requireAllKnown(batch, names);
  const elsewhere = batch.conflicts.filter(
    (conflict) => !names.some((name) => meansPlace(name, conflict)),
  );
  const count = `${batch.hashes.length} transactions`;
  const wanted = names.join(" and ");
  const none = batch.conflicts.length === 0;
  return {
    holds: elsewhere.length === 0 && !none,
    expected: none
      ? `expected ${count} to conflict only on ${wanted}, but they do not conflict at all`
      : `expected ${count} to conflict only on ${wanted}, but they also conflict on`,
    notExpected: `expected ${count} not to conflict on ${wanted} alone, but they do`,
    conflicts: elsewhere.length === 0 ? batch.conflicts : elsewhere,
  };
}

async function judgeTouch(one: Subject, name: string): Promise<Judgement> {
  await requireAllKnown(one, [name]);
  const accesses = one.accesses(0);
  const touched = accesses.filter((access) => meansPlace(name, access));
  const transaction = transactionWords(one.hashes[0] ?? "", one.functions[0] ?? null);
  const listed = accesses
    .filter(({ kind }) => kind === "storage")
    .map(placeName)
    .join(", ");
  return {
    holds: touched.length > 0,
    expected: `expected ${transaction} to touch ${name}, but it touched only ${listed || "no storage"}`,
    notExpected: `expected ${transaction} not to touch ${name}, but it ${touched
      .map(({ read, write, ...place }) => `${use(read, write)} ${placeName({ ...place })}`)
      .join(" and ")}`,
    conflicts: [],
  };
}

function use(read: boolean, write: boolean): string {
  return read && write ? "read and wrote" : write ? "wrote" : "read";
}

async function requireAllKnown(subject: Subject, names: readonly string[]): Promise<void> {
  const places = [...subject.conflicts, ...subject.hashes.flatMap((_, i) => subject.accesses(i))];
  const contracts = await currentProject().contracts();
  for (const name of names) {
    requireKnown(name, places, contracts);
  }
}
