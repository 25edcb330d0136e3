// How panels of a board begin: what most of them would say again. A panel says otherwise where it has to.

/** @param noData why panels of this board are empty where nothing else is the matter */
export function beginnings(noData: string) {
  return {
    /** Of what is never below zero. */
    lines: (title: string, description: string) =>
      ({ kind: "lines", title, description, noData, unit: "short", width: 8, min: 0 }) as const,
    /** Of what may be below zero, or nowhere near it. */
    curves: (title: string, description: string) =>
      ({ kind: "lines", title, description, noData, unit: "short", width: 8 }) as const,
    stat: (title: string, description: string) =>
      ({ kind: "stat", title, description, noData, unit: "short", width: 4, show: "value_and_name" }) as const,
    table: (title: string, description: string) =>
      ({ kind: "table", title, description, noData, unit: "short", width: 12 }) as const,
    bars: (title: string, description: string) =>
      ({ kind: "bars", title, description, noData, unit: "percentunit", width: 12, min: 0 }) as const,
    timeline: (title: string, description: string) =>
      ({ kind: "timeline", title, description, noData, unit: "short", width: 24 }) as const,
  };
}
