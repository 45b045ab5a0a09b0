// Required first by the processes that bench/test-suite.ts measures: writes what they used.
const { writeFileSync } = require("node:fs");

const file = process.env.USAGE;
if (file !== undefined) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    writeFileSync(file, JSON.stringify({ wall: performance.now(), cpu: (user + system) / 1000 }));
  });
}
