// Files that are complete or absent: written beside their place, flushed, and renamed; the folder is flushed too.
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file's content, or pieces of it that follow one another. */
export type Content = Uint8Array | string | readonly Uint8Array[];

/** Writes a file, in the place of one that may be there. @throws what the file system says; what was there stays then */
export async function writeDurably(path: string, content: Content): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.partial`);
  try {
    await writeAndFlush(temporary, content);
    await rename(temporary, path);
    await flushDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAndFlush(path: string, content: Content): Promise<void> {
  const file = await open(path, "w");
  try {
    // writeFile loops until everything is written and throws on a full disk; a single write may be cut short silently.
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
