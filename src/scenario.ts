/**
 * "hardhat-parallel/scenario": load as code. Files in `parallel/` import it;
 * `npx hardhat parallel-report --scenario NAME` runs them.
 */
export type { ScenarioContext, ScenarioRandom } from "./scenario/context";
export type { Load, LoadResult, SendOne } from "./scenario/load";
export { type ScenarioBody, type ScenarioOptions, scenario } from "./scenario/scenario";
