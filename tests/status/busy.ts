// An exporter that has everything a page can show: traffic, problems of every kind, and names of every kind.
import { hostileNames } from "../expose/hostile-names.ts";
import { midnight, minute, prediction, Running, topic } from "./running.ts";
import { writeTraffic } from "./stream.ts";

export const hostileModel = `"><script>alert(1)</script>\u202E`;

export async function busyExporter(): Promise<Running> {
  const running = await Running.of(2);
  const hostile = hostileNames.map((name) => name.slice(0, 128).toWellFormed());
  const ofHostile = [hostileModel, ...hostile].flatMap((model, index) => [
    prediction(midnight + 9 * minute, { model, version: hostile[index], features: { [model]: model, x: null } }),
  ]);
  await running.write(1, ofHostile);
  await writeTraffic(running, midnight, 15);
  const many = Array.from({ length: 150 }, (_, index) =>
    prediction(midnight + 14 * minute + index, {
      model: hostileModel,
      version: hostileModel,
      features: { [hostileModel]: hostile[index % hostile.length], ...Object.fromEntries(hostile.map((name) => [name, index])) },
    }),
  );
  await running.write(1, [...many, "{", null, prediction(midnight + 18 * minute), prediction(midnight)]);
  await writeTraffic(running, midnight + 15 * minute, 5);
  await running.write(
    1,
    Array.from({ length: 5 }, () => prediction(midnight + 20 * minute)),
  );
  running.source.append({ topic, partition: 0 }, [prediction(midnight)]);
  running.source.look();
  running.nowMillis = midnight + 20 * minute;
  running.configuration = { ...running.configuration, error: `exporter.yml: ${"x".repeat(300)}`, failedMillis: midnight };
  return running;
}
