/**
 * Footprints, what follows from them, and drawn workloads, as they stand in the report.
 *
 * Owns: their shape in the report. Does not own: the analysis (analysis/footprints,
 * analysis/workload-redraw).
 */
import {
  type ConflictCause,
  conflictText,
  type Relation,
} from "../analysis/footprints/call-conflict";
import type { Frequency, Key, KeyStatus, WriteClass } from "../analysis/footprints/footprint";
import { accessText, footprintText } from "../analysis/footprints/footprint-text";
import {
  type FootprintVerdictKind,
  footprintVerdict,
} from "../analysis/footprints/footprint-verdict";
import type { FunctionModel } from "../analysis/footprints/infer-footprints";
import { sourceText } from "../analysis/footprints/key-source";
import type { DirectCall } from "../analysis/footprints/observed-calls";
import type { ReplayBasis } from "../analysis/workload-redraw/footprint-replay";
import {
  keyPolicyText,
  type RedrawOptions,
  type SenderPolicy,
} from "../analysis/workload-redraw/redraw-options";
import {
  type RedrawnRun,
  type ReplayedFunction,
  redrawRun,
} from "../analysis/workload-redraw/redrawn-run";
import { scalingExponent } from "../analysis/workload-redraw/scaling-exponent";
import type { LocationKind } from "../state/location";

/** What buildReport is given beside the workload. */
export interface FootprintInput {
  readonly models: readonly FunctionModel[];
  readonly direct: readonly DirectCall[];
  /** absent = nothing is drawn anew */
  readonly redraw?: RedrawOptions;
  /** The drawn calls after they were executed; absent = they are computed from footprints. */
  readonly executed?: RedrawnRun | null;
}

export interface KeyReport {
  readonly status: KeyStatus;
  /** `msg.sender`, `to`; several if they cannot be told apart, none if unknown */
  readonly sources: readonly string[];
}

export interface FootprintAccessReport {
  /** `balances[to] rw` */
  readonly text: string;
  readonly kind: LocationKind;
  readonly contract: string;
  readonly variable: string;
  readonly owner: KeyReport;
  readonly keys: readonly KeyReport[];
  readonly read: Frequency;
  readonly write: Frequency;
  readonly writeClass: WriteClass | null;
  /** `+ amount`, `= msg.sender`; null if not known */
  readonly change: string | null;
  readonly changedMembers: readonly string[];
}

export interface FootprintReport {
  /** `transfer: balances[msg.sender] rw, balances[to] rw` */
  readonly text: string;
  readonly calls: number;
  /** calls that it was inferred from */
  readonly sampled: number;
  readonly undecoded: number;
  readonly accesses: readonly FootprintAccessReport[];
}

export interface FootprintVerdictReport {
  readonly kind: FootprintVerdictKind;
  readonly on: readonly {
    readonly cause: ConflictCause;
    readonly relation: Relation;
    readonly contract: string;
    readonly variable: string;
    /** `to = msg.sender`: what has to be equal */
    readonly keys: readonly string[];
    readonly text: string;
  }[];
}

/** What a function's row gains. */
export interface FootprintFields {
  readonly footprint?: FootprintReport;
  /** α; null where a key that matters has no known source */
  readonly alpha?: number | null;
  /** where α comes from */
  readonly alphaBasis?: ReplayBasis;
  readonly verdictFromFootprint?: FootprintVerdictReport;
}

/** The metrics of the workload that was drawn from the recorded calls. */
export interface RedrawnReport {
  readonly basis: ReplayBasis;
  readonly window: number;
  readonly senders: SenderPolicy;
  /** `as-is`, `uniform`, `zipf:0.9` */
  readonly keys: string;
  readonly seed: number;
  readonly calls: number;
  readonly criticalPath: number;
  readonly longestChain: number;
  readonly speedUpBound: number;
  readonly lanes: number;
  readonly speedUp: number;
  readonly parallelism: number | null;
  readonly standIns: number;
  readonly unknownKeys: number;
  /** By function: calls that were executed, and why others were not. Empty if none was to be. */
  readonly functions: readonly ReplayedFunction[];
}

/** By contract and signature: the fields of a function's row. */
export function footprintFields(
  models: readonly FunctionModel[],
): (contract: string, signature: string) => FootprintFields {
  const byName = new Map(
    models.map((model) => [`${model.footprint.contract}\n${model.footprint.signature}`, model]),
  );
  return (contract, signature) => {
    const model = byName.get(`${contract}\n${signature}`);
    return model === undefined ? {} : fieldsOf(model);
  };
}

function fieldsOf(model: FunctionModel): FootprintFields {
  const { footprint } = model;
  const exponent = scalingExponent(model);
  const verdict = footprintVerdict(footprint);
  return {
    footprint: {
      text: footprintText(footprint),
      calls: footprint.calls,
      sampled: footprint.sampled,
      undecoded: footprint.undecoded,
      accesses: footprint.accesses.map((access) => ({
        text: accessText(access),
        kind: access.kind,
        contract: access.contract,
        variable: access.variable,
        owner: keyReport(access.owner),
        keys: access.keys.map(keyReport),
        read: access.read,
        write: access.write,
        writeClass: access.form?.class ?? null,
        change: access.form?.text ?? null,
        changedMembers: access.changedMembers,
      })),
    },
    alpha: exponent === null ? null : rounded(exponent.alpha),
    alphaBasis: "footprints",
    verdictFromFootprint: {
      kind: verdict.kind,
      on: verdict.on.map((conflict) => ({
        cause: conflict.cause,
        relation: conflict.relation,
        contract: conflict.contract,
        variable: conflict.variable,
        keys: conflict.keys,
        text: conflictText(conflict),
      })),
    },
  };
}

function keyReport({ status, candidates }: Key): KeyReport {
  return { status, sources: candidates.map(sourceText) };
}

/** Null if nothing is to be drawn or no user called a contract. */
export function redrawnReport(input: FootprintInput, lanes: number): RedrawnReport | null {
  const { redraw, executed, models, direct } = input;
  const run =
    redraw === undefined
      ? null
      : executed === undefined
        ? redrawRun(models, direct, redraw, lanes)
        : executed;
  return run === null ? null : describe(run);
}

function describe({ options, metrics, ...run }: RedrawnRun): RedrawnReport {
  return {
    basis: run.basis,
    window: options.window,
    senders: options.senders,
    keys: keyPolicyText(options.keys),
    seed: options.seed,
    calls: metrics.transactions,
    criticalPath: metrics.criticalPath,
    longestChain: metrics.longestChain,
    speedUpBound: rounded(metrics.speedUpBound),
    lanes: metrics.lanes,
    speedUp: rounded(metrics.speedUp),
    parallelism: metrics.parallelism === null ? null : rounded(metrics.parallelism),
    standIns: run.standIns,
    unknownKeys: run.unknownKeys,
    functions: run.functions,
  };
}

/** Four decimals, and no negative zero. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000 + 0;
}
