module.exports = require("./forced-tier.cjs").forTier("javascript");
