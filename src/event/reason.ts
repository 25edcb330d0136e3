// Why a record or an event was rejected: a fixed vocabulary, the values of the label `reason`.

export const rejectReasons = [
  "tombstone",
  "too_large",
  "bad_utf8",
  "bad_json",
  "not_an_object",
  "bad_type",
  "bad_model",
  "bad_version",
  "bad_id",
  "bad_time",
  "future",
  "bad_features",
  "bad_scores",
  "bad_latency",
  "bad_status",
  "bad_segment",
  "bad_weight",
  "bad_label",
  "bad_value",
  "bad_run",
  "unreadable",
] as const;

export type RejectReason = (typeof rejectReasons)[number];
