/**
 * How properties are run everywhere: FC_SEED (and FC_PATH) in the environment replay a failure,
 * which fast-check prints with both.
 */
import type { Parameters } from "fast-check";

export function propertyParameters<T>(parameters: Parameters<T>): Parameters<T> {
  const { FC_SEED: seed, FC_PATH: path } = process.env;
  return {
    ...parameters,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}
