// What a version's windows are compared with, in a sentence. Markup only.
import { type Html, html, nothing } from "./html.ts";
import type { ReferenceView } from "./model-view.ts";
import { counted, countText, minuteText } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";

/** So much of a hash tells references apart, as with commits. */
const hashShown = 8;

const origins: Readonly<Record<ReferenceView["kind"], string>> = {
  learned: "learned from the stream",
  file: "from a file",
  kafka: "built from Kafka's history",
  accepted: "accepted from a window of the stream",
};

export function referenceText(reference: ReferenceView | null): Html {
  if (reference === null)
    return html`<p class="soft">No reference yet: nothing says what is normal, so there are no scores of drift. One is learned from the stream, or given as a file.</p>`;
  const { kind, hash, fromMillis, toMillis, rows, known } = reference;
  if (known === 0 && hash === null) return html`<p class="soft">No reference yet: ${learningText(reference)}.</p>`;
  const details = [
    fromMillis === null || toMillis === null ? nothing : html`, ${minuteText(fromMillis)} to ${minuteText(toMillis)}`,
    rows === null ? nothing : html`, ${counted(rows, "prediction")}`,
    hash === null ? nothing : html`, ${shownName([...hash].slice(0, hashShown).join(""))}`,
  ];
  return html`<p>Reference ${origins[kind]}${details}; ${coverage(reference)}.</p>`;
}

function coverage(reference: ReferenceView): string {
  const { known, learning } = reference;
  if (learning === 0) return counted(known, "feature");
  return `${countText(known)} of ${counted(known + learning, "feature")}, ${countText(learning)} still learned`;
}

function learningText({ learning }: ReferenceView): string {
  return learning === 0 ? "no feature has one" : `${counted(learning, "feature is", "features are")} still learned`;
}
