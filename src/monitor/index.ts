// Every monitor there is. A new aspect is one file in this folder and one line here.
import { batch } from "./batch.ts";
import { delay } from "./delay.ts";
import { features } from "./features.ts";
import { latency } from "./latency.ts";
import type { AnyPaneMonitor, AnyTotalsMonitor } from "./monitor.ts";
import { objectives } from "./objectives.ts";
import { performance } from "./performance.ts";
import { traffic } from "./traffic.ts";

export const totalsMonitors: readonly AnyTotalsMonitor[] = [traffic, latency, delay, objectives, batch];

export const paneMonitors: readonly AnyPaneMonitor[] = [features, performance];
