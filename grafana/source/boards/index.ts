// All boards, from the whole to its parts.
import type { Board } from "../spec.ts";
import { exporter } from "./exporter.ts";
import { modelBoard } from "./model.ts";

export const boards: readonly Board[] = [modelBoard, exporter];
