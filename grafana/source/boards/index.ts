// All boards, from the whole to its parts.
import type { Board } from "../spec.ts";
import { alerts } from "./alerts.ts";
import { batch } from "./batch.ts";
import { dataQuality } from "./data-quality.ts";
import { exporter } from "./exporter.ts";
import { featureBoard } from "./feature.ts";
import { fleet } from "./fleet.ts";
import { infrastructure } from "./infrastructure.ts";
import { modelBoard } from "./model.ts";
import { performanceBoard } from "./performance.ts";
import { sloBoard } from "./slo.ts";

export const boards: readonly Board[] = [
  fleet,
  modelBoard,
  featureBoard,
  dataQuality,
  performanceBoard,
  sloBoard,
  batch,
  alerts,
  infrastructure,
  exporter,
];
