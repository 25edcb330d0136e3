// What was read as people look at it: logs, topics, and what was rejected of them.
import { rejectReasons } from "../event/reason.ts";
import type { LogView, NamedCount, RejectionView, TopicView } from "../expose/status-view.ts";
import { compareText } from "../primitive/dictionary.ts";
import { logKey } from "../source/source.ts";
import { type LogState, lateReasons } from "../state/log-state.ts";
import { type Ingest, unreadRecords } from "./ingest.ts";
import type { Rejections } from "./rejections.ts";
import { finiteOrNull } from "./status-features.ts";

/** By topic and partition. */
export function logViews({ fold, standings }: Ingest): LogView[] {
  const holding = new Set(fold.heldBy);
  const logs = [...fold.logs.values()].sort((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition);
  return logs.map((log) => {
    const standing = standings.get(logKey(log));
    return {
      topic: log.topic,
      partition: log.partition,
      unreadRecords: standing === undefined ? null : unreadRecords(standing),
      paused: standing?.paused ?? false,
      holdsFrontier: holding.has(log),
      notWaitedFor: log.excluded,
      latestMillis: finiteOrNull(log.latestMillis),
    };
  });
}

export function topicViews(ingest: Ingest, topics: readonly string[]): TopicView[] {
  return topics.map((topic) => {
    const logs = logsOf(ingest, topic);
    return {
      topic,
      events: sum(logs, (log) => sum([...log.events.values()], (count) => count)),
      late: lateReasons.map((name): NamedCount => ({ name, count: sum(logs, (log) => log.late.get(name) ?? 0) })),
      gapRecords: sum(logs, (log) => log.gapRecords),
    };
  });
}

/** Reasons that occurred, each with its latest example. */
export function rejectionViews(ingest: Ingest, topics: readonly string[], rejections: Rejections): RejectionView[] {
  return topics.flatMap((topic) => {
    const logs = logsOf(ingest, topic);
    return rejectReasons.flatMap((reason): RejectionView[] => {
      const count = sum(logs, (log) => log.rejected.get(reason) ?? 0);
      if (count === 0) return [];
      const example = rejections.examples.get(`${topic} ${reason}`);
      if (example === undefined) return [{ topic, reason, count, example: null }];
      const { partition, offset, detail } = example;
      return [{ topic, reason, count, example: { partition, offset, detail } }];
    });
  });
}

function logsOf({ fold }: Ingest, topic: string): LogState[] {
  return [...fold.logs.values()].filter((log) => log.topic === topic);
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
