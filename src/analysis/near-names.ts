/** Names that a mistyped one may have meant. */

const MAX_NEAR = 5;

/** The names with the fewest edits (Levenshtein) from it, in their last part or as a whole. */
export function nearNames(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => {
      const whole = candidate.toLowerCase();
      const bare = whole.slice(whole.indexOf(".") + 1);
      return { candidate, edits: Math.min(distance(wanted, whole), distance(wanted, bare)) };
    })
    .sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MAX_NEAR)
    .map(({ candidate }) => candidate);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const kept = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(kept, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
