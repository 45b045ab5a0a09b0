/**
 * The slots that a function takes keys from: the counter that gives out ids. A call that is sent
 * again must find them as the call before left them, or two calls would get one id.
 */
import type { FunctionModel } from "../footprints/infer-footprints";

/** As `address:slot`. */
export function keySlots({ footprint, calls }: FunctionModel): ReadonlySet<string> {
  const variables = new Set<string>();
  for (const { owner, keys } of footprint.accesses) {
    for (const { candidates } of [owner, ...keys]) {
      const [source] = candidates;
      if (source?.kind === "storage") {
        variables.add(`${source.contract}\n${source.variable}`);
      }
    }
  }
  const found = new Set<string>();
  for (const { access } of calls.flatMap(({ accesses }) => accesses)) {
    const { location, parts, contract } = access;
    const isSource = parts.some(({ variable }) => variables.has(`${contract}\n${variable}`));
    if (location.kind === "storage" && isSource) {
      found.add(`${location.address}:${location.slot}`);
    }
  }
  return found;
}
