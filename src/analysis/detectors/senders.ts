/** D16: one account sends most of the transactions and so orders them by its nonce. */
import { type RunDetector, transactionsText } from "./context";
import { freeOn } from "./rule-sets";

/** Transactions of one sender that are called a flood, if they are at least half of the run's. */
const FLOOD = 10;

export const senderFlood: RunDetector = ({ analysis }) => {
  const { metrics, withSenderOrder, windows } = analysis;
  const bySender = new Map<string, number>();
  for (const { sender } of windows.windows.flatMap(({ transactions }) => transactions)) {
    bySender.set(sender, (bySender.get(sender) ?? 0) + 1);
  }
  const [sender, most] = [...bySender].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0]);
  const isFlood = most >= FLOOD && 2 * most >= analysis.transactions;
  return isFlood && withSenderOrder.criticalPath > metrics.criticalPath
    ? [
        {
          id: "D16",
          group: null,
          functions: [],
          transactions: most,
          message: `${transactionsText(most)} come from one account, ${sender}: its nonce puts them in order`,
          remedy: "send from several accounts, or several calls in one transaction",
          caution:
            "in tests this says nothing of the contracts: real users have accounts of their own",
          label: "infra",
          confidence: "high",
          criticalPathWithout: null,
          freeOn: freeOn(),
          places: [],
        },
      ]
    : [];
};
