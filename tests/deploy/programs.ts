// The programs that read what deploy/ has: Kustomize, and the reader of Compose files that `docker compose` uses, which needs no engine.
// Built by Go from tools/ and kept.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { builtByGo } from "../servers/go-build.ts";

const otherwise = "Go 1.26 or newer";

// As this is loaded, where no time runs out: building may take a minute or two.
const kustomize = await builtByGo({
  name: "Kustomize",
  version: "5.8.0",
  module: "kustomize",
  versionVariable: "sigs.k8s.io/kustomize/api/provenance.version",
  tags: "netgo",
  otherwise,
});
const compose = await builtByGo({
  name: "compose-go",
  version: "2.16.2",
  module: "compose",
  // It says none.
  versionVariable: "main.version",
  tags: "netgo",
  otherwise,
});

/** What Kustomize makes of a folder: YAML documents. @throws with what it says */
export function kustomized(folder: string): string {
  return output(join(kustomize, "kustomize"), ["build", folder]);
}

/** What Compose reads in a file, and in one that changes it, with everything resolved. @throws with what it says */
export function composed(...files: readonly string[]): unknown {
  return JSON.parse(output(join(compose, "cmd"), ["-format", "json", ...files]));
}

function output(program: string, args: readonly string[]): string {
  // Away from any .env and settings of whoever runs it.
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", env: { HOME: "/nonexistent" } });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? status}\n${stdout}${stderr}`);
  return stdout;
}
