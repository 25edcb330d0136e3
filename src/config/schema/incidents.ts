// The shape of a file of incidents: what goes wrong in the simulator's streams, and when. For `simulate --incidents`.
import { choice, duration, list, number, period, section, share, text, z } from "./terms.ts";

const feature = text;

/** As `Effect` of the simulator, which says what each does. */
const effect = z.discriminatedUnion(
  "kind",
  [
    section({ kind: z.literal("scaled"), feature, factor: number }),
    section({ kind: z.literal("missing"), feature }),
    section({ kind: z.literal("renamed"), feature, to: text }),
    section({ kind: z.literal("text"), feature }),
    section({ kind: z.literal("slow"), factor: number.positive("a number above 0") }),
    section({ kind: z.literal("no_predictions") }),
    section({ kind: z.literal("no_outcomes") }),
    section({ kind: z.literal("accused"), share }),
    section({ kind: z.literal("few_clicks"), share }),
    section({ kind: z.literal("cheap_orders"), version: text, factor: number }),
    section({ kind: z.literal("late_job") }),
    section({ kind: z.literal("failed_job") }),
  ],
  {
    error:
      "one of scaled, missing, renamed, text, slow, no_predictions, no_outcomes, accused, few_clicks, cheap_orders, late_job, failed_job",
  },
);

export const incidents = list(
  section({
    story: choice(["fraud", "recommendation", "forecast"]),
    effect,
    /** Since the end of the history. */
    after: duration,
    lasts: period,
  }),
  "a list of incidents, each with story, effect, after and lasts",
);

export type IncidentEntry = z.output<typeof incidents>[number];
