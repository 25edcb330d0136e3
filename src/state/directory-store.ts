// Keeps the last two snapshots in a directory. Each is complete or absent.
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Content, writeDurably } from "./durable-file.ts";

const pattern = /^state-(\d{15})\.snapshot$/;
/** The newest, and the one before in case the newest is damaged. */
const kept = 2;
/** What could not be used is kept for whoever wants to know why; the latest few. */
const aside = ".refused";
const keptAside = 2;

export class DirectoryStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes sure that the directory is there and can be written to. */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const probe = join(this.directory, ".probe");
    await (await open(probe, "w")).close();
    await rm(probe);
  }

  /** Complete snapshots, newest first; reads a file when it is asked for. */
  async list(): Promise<{ readonly name: string; read(): Promise<Uint8Array> }[]> {
    const names = (await readdir(this.directory))
      .filter((name) => pattern.test(name))
      .sort()
      .reverse();
    return names.map((name) => ({ name, read: () => readFile(join(this.directory, name)) }));
  }

  /** Renames a snapshot that cannot be used, so that it is neither looked at again nor counted among those that are kept. */
  async setAside(name: string): Promise<void> {
    await rename(join(this.directory, name), join(this.directory, `${name}${aside}`));
    const names = (await readdir(this.directory)).filter((other) => other.endsWith(aside)).sort();
    for (const old of names.slice(0, -keptAside)) await rm(join(this.directory, old), { force: true });
  }

  /** Writes a snapshot and removes those that are no longer kept. @throws what the file system says */
  async save(content: Content): Promise<void> {
    const names = (await this.list()).map(({ name }) => name);
    const newest = Number(pattern.exec(names[0] ?? "")?.[1] ?? 0);
    const name = `state-${String(newest + 1).padStart(15, "0")}.snapshot`;
    await writeDurably(join(this.directory, name), content);
    for (const old of names.slice(kept - 1)) await rm(join(this.directory, old), { force: true });
  }
}
