// The predictions or the outcomes of one story alone, as its events: for whoever learns what is normal of a model.
import { ForecastStory } from "./forecast.ts";
import { FraudStory } from "./fraud.ts";
import { RecommendationStory } from "./recommendation.ts";
import type { Outlet, StoryName, StreamOptions, Topic } from "./story.ts";

/** No other stream's, as these events are not written anywhere. */
const idMark = "";

const stories = { fraud: FraudStory, recommendation: RecommendationStory, forecast: ForecastStory } as const;

/** The predictions, as JSON, of all activities that begin before a time; not in order. */
export function storyPredictions(name: StoryName, options: StreamOptions, untilMillis: number): Generator<string> {
  return storyEvents(name, "predictions", options, untilMillis);
}

/** What came of them, whenever that was. */
export function storyOutcomes(name: StoryName, options: StreamOptions, untilMillis: number): Generator<string> {
  return storyEvents(name, "outcomes", options, untilMillis);
}

function* storyEvents(name: StoryName, of: Topic, options: StreamOptions, untilMillis: number): Generator<string> {
  const story = new stories[name](options, idMark);
  const texts: string[] = [];
  const outlet: Outlet = { wants: (topic) => topic === of, put: (_, text) => void texts.push(text()) };
  while (story.nextMillis < untilMillis) {
    story.unfold(outlet);
    yield* texts.splice(0);
  }
}
