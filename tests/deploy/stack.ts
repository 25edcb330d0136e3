// docker-compose.yml as Compose reads it, and what a container of it would see: its mounts, laid out in a folder that stands for the
// root of its file system.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { composed } from "./programs.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const composeFile = join(root, "docker-compose.yml");

export interface Mount {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly volumes?: readonly Mount[];
  readonly tmpfs?: readonly string[];
  readonly secrets?: readonly { readonly source: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
}

export interface Stack {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>;
}

export const stack = composed(composeFile) as Stack;

/** @throws where there is none of that name */
export function serviceOf(name: string): Service {
  const service = stack.services[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  return service;
}

/** What a container would see of its mounts, and its words with paths that lead there. */
export class Container {
  readonly service: Service;
  readonly directory = mkdtempSync(join(tmpdir(), "container-"));

  constructor(name: string) {
    this.service = serviceOf(name);
    for (const { type, source, target } of this.service.volumes ?? []) {
      const place = this.place(target);
      mkdirSync(type === "bind" ? dirname(place) : place, { recursive: true });
      if (type === "bind") cpSync(source, place, { recursive: true });
    }
  }

  /** Where a path of the container is. */
  place(path: string): string {
    return join(this.directory, path);
  }

  /** A word of a command line: a path, or an option whose value is one. */
  readonly word = (word: string): string => {
    return word.replace(
      /^(--[^=]+=)?(\/.*)$/,
      (_all, option: string | undefined, path: string) => `${option ?? ""}${this.place(path)}`,
    );
  };

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
