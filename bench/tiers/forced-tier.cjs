/**
 * Engines of one tier, as modules that a worker thread can load (EngineModule in src/worker/protocol.ts).
 * The network itself offers no such choice: a tier is chosen by heat.
 */
const { createFastEngine } = require("../../dist/cjs/execution/engine/fast/fast-engine.js");
const { lateReference } = require("../../dist/cjs/execution/engine/engine-choice.js");

exports.forTier = (tier) => ({
  createEngine: () => createFastEngine(lateReference(), tier),
});
