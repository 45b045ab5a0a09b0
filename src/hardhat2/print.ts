/** Output of the tasks, where names of the user's may be in it. */
import { withoutCommands } from "../report/renderers/github-annotations";
import { plainText } from "../report/renderers/plain-text";

/** On stdout. In GitHub Actions, lines of stdout can be commands: those of this text are none. */
export function print(text: string): void {
  process.stdout.write(process.env.GITHUB_ACTIONS === "true" ? withoutCommands(text) : text);
}

/** One line on stderr. */
export function notice(text: string): void {
  console.warn(`hardhat-parallel: ${plainText(text)}`);
}
