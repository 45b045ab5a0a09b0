/**
 * Where a source of the compiler's is in the repository, for outputs that point into files.
 * Owns: the repository's root. Does not own: which sources.
 */
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { SourcePath } from "../report/renderers/finding-places";

/** The sources of the project in `root`; libraries are not files of the repository. */
export function sourcePathIn(root: string, environment: NodeJS.ProcessEnv): SourcePath {
  const repository = repositoryOf(root, environment.GITHUB_WORKSPACE);
  return (name) => {
    const path = join(root, name);
    const shown = relative(repository, path);
    const isInside =
      shown !== "" && !shown.startsWith("..") && !shown.split(sep).includes("node_modules");
    return isInside && existsSync(path) ? shown.split(sep).join("/") : null;
  };
}

/** The checkout that the project is in: GitHub's, or git's; the project itself where there is none. */
function repositoryOf(root: string, workspace: string | undefined): string {
  if (workspace !== undefined && !relative(workspace, root).startsWith("..")) {
    return workspace;
  }
  for (let directory = root; ; directory = dirname(directory)) {
    if (existsSync(join(directory, ".git"))) {
      return directory;
    }
    if (dirname(directory) === directory) {
      return root;
    }
  }
}
