// What the fold is told: windows, limits and what is configured of models. Everything here is a part of the state's
// meaning, so a snapshot made under other settings is not continued.
import { createHash } from "node:crypto";
import type { ModelSettings } from "../monitor/monitor.ts";

export interface FoldLimits {
  readonly models: number;
  /** Of one model. */
  readonly versions: number;
  /** Features and outputs of one model. */
  readonly features: number;
  /** Features and outputs of all models together. */
  readonly slots: number;
  /** Of one model version. */
  readonly segments: number;
  /** Minutes of event time that may be open at once. */
  readonly openPanes: number;
}

export interface FoldModelSettings extends ModelSettings {
  /** Attributes whose values become segments with all features; null: every attribute, outputs only. */
  readonly segments: readonly string[] | null;
}

export interface FoldSettings {
  readonly windowsMillis: readonly number[];
  readonly limits: FoldLimits;
  /** Whether models that are not configured are monitored. */
  readonly discover: boolean;
  /** How long a version may be silent, in event time, before it is forgotten. */
  readonly expireMillis: number;
  readonly defaults: FoldModelSettings;
  readonly models: ReadonlyMap<string, FoldModelSettings>;
}

/** A fingerprint of settings: states made under different ones do not continue each other. */
export function settingsHash(settings: FoldSettings): string {
  const plain = JSON.stringify(settings, (_key, value: unknown) => (value instanceof Map ? [...value].sort() : value));
  return createHash("sha256").update(plain).digest("hex");
}
