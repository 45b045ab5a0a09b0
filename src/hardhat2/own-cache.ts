/**
 * The plugin's own cache, `<cache>/hardhat-parallel/<build info id>.json`: what the compiler said
 * beyond the artifacts. Owns: the files. Does not own: users' artifacts and cache, never touched.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Raised when the content's shape changes: older files are made anew. */
const FORMAT = 2;

interface CacheFile<T> {
  readonly format: number;
  readonly key: string;
  readonly content: T;
}

export class OwnCache<T> {
  readonly #directory: string;

  /** `cache`: Hardhat's cache directory. */
  constructor(cache: string) {
    this.#directory = join(cache, "hardhat-parallel");
  }

  /** What was kept for a build info under the same key; null if nothing (readable) was. */
  async read(id: string, key: string): Promise<T | null> {
    let text: string;
    try {
      text = await readFile(this.#path(id), "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") {
        return null;
      }
      throw error;
    }
    try {
      const cached: CacheFile<T> = JSON.parse(text);
      return cached.format === FORMAT && cached.key === key ? cached.content : null;
    } catch (error) {
      if (error instanceof SyntaxError) {
        return null; // cut or of another program: made anew
      }
      throw error;
    }
  }

  async write(id: string, key: string, content: T): Promise<void> {
    const file: CacheFile<T> = { format: FORMAT, key, content };
    await mkdir(this.#directory, { recursive: true });
    const temporary = `${this.#path(id)}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify(file));
    await rename(temporary, this.#path(id));
  }

  #path(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}
