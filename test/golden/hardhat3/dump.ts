/** Writes the requests as JSON to stdout, for record.mjs. */
import { GROUPS } from "./requests";

process.stdout.write(JSON.stringify(GROUPS));
