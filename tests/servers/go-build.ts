// Programs that are built by Go from a module of `tools` and kept; go.sum checks what is fetched.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory, cachedDirectory, runTool } from "./cache.ts";

export interface GoProgram {
  /** As its makers write it. */
  readonly name: string;
  readonly version: string;
  /** The folder in `tools`; its go.mod names the programs. */
  readonly module: string;
  /** The variable that the linker sets to the version. */
  readonly versionVariable: string;
  readonly tags: string;
  /** What to install where Go is missing. */
  readonly otherwise: string;
}

/** Where the programs are kept. */
export function placeOf({ module, version }: GoProgram): string {
  return join(cacheDirectory(), `${module}-${version}`);
}

/** Builds the programs unless they are there; that takes minutes. @returns the folder that has them */
export function builtByGo(program: GoProgram): Promise<string> {
  const { name, version, module, versionVariable, tags, otherwise } = program;
  return cachedDirectory(placeOf(program), async (directory) => {
    process.stderr.write(`building ${name} ${version} with Go: some minutes, once (kept in ${cacheDirectory()})\n`);
    const flags = `-s -w -X ${versionVariable}=${version}`;
    const args = ["build", "-tags", tags, "-trimpath", "-ldflags", flags, "-o", `${directory}/`, "tool"];
    const cwd = fileURLToPath(new URL(`../../tools/${module}`, import.meta.url));
    await runTool("go", args, otherwise, { cwd, gently: true });
    process.stderr.write(`built ${name} ${version}\n`);
  });
}
