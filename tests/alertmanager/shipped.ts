// The Alertmanager configuration that is shipped, made to run in a test. What differs from the file is what is said here:
// addresses of others, the directory of secrets, how fast time goes, and whether it is a working hour.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lapsedDuration } from "../prometheus/time-lapse.ts";
import { type AlertmanagerServer, startAlertmanager } from "../servers/alertmanager.ts";
import { type MailSink, startMailSink } from "../servers/mail-sink.ts";
import { eventsPath, type NotificationSink, startNotificationSink } from "../servers/notifications.ts";

export const shippedFile = fileURLToPath(new URL("../../alertmanager/alertmanager.yml", import.meta.url));
export const shippedTemplates = fileURLToPath(new URL("../../alertmanager/templates/prediction-exporter.tmpl", import.meta.url));
export const shippedText = readFileSync(shippedFile, "utf8");

const secretsDirectory = "/etc/alertmanager/secrets";

/** When an interval of time that the file names is: by its definition, or whenever it is. */
export type When = "as shipped" | "always" | "never";

export interface Differences {
  /** Where mail goes: host and port. */
  readonly mail: string;
  /** Where everything else goes. */
  readonly sink: string;
  /** A directory for secrets; they are written there. */
  readonly secrets: string;
  /** By how much waiting (group_wait, group_interval, repeat_interval) is divided. */
  readonly speed: number;
  readonly workingHours?: When;
  readonly retraining?: When;
}

/** The text of the shipped file, with nothing changed but these. Writes each secret that the file names: see `secretOf`. */
export function shippedWith({ mail, sink, secrets, speed, workingHours = "always", retraining = "never" }: Differences): string {
  mkdirSync(secrets, { recursive: true });
  for (const name of secretNames()) writeFileSync(join(secrets, name), `${secretOf(name, sink)}\n`);
  const replaced = shippedText
    .replace(/^global:\n/m, `global:\n  pagerduty_url: ${sink}${eventsPath}\n  smtp_require_tls: false\n`)
    .replace("smtp.example.org:587", mail)
    .replace("templates/prediction-exporter.tmpl", shippedTemplates)
    .replaceAll(secretsDirectory, secrets)
    .replace(
      /(group_wait|group_interval|repeat_interval): (\w+)/g,
      (_all, name, time) => `${name}: ${lapsedDuration(time, speed)}`,
    );
  return withInterval(withInterval(replaced, "working-hours", workingHours), "retraining", retraining);
}

/** Names of the files of secrets that the shipped file reads. */
export function secretNames(): string[] {
  return [...new Set([...shippedText.matchAll(/\/etc\/alertmanager\/secrets\/([\w-]+)/g)].map(([, name]) => name as string))];
}

/** What a test writes into a secret's file: an address of the sink that ends in its name, or the name itself. */
export function secretOf(name: string, sink: string): string {
  return name.endsWith("-url") ? `${sink}/${name}` : name;
}

function withInterval(text: string, name: string, when: When): string {
  if (when === "as shipped") return text;
  const definition = new RegExp(`( {2}- name: ${name}\\n)( {4}.*\\n)+`);
  if (!definition.test(text)) throw new Error(`no interval ${name}`);
  return text.replace(definition, `$1    time_intervals: [${when === "always" ? "{}" : "{years: ['2000']}"}]\n`);
}

export interface ShippedAlertmanager {
  readonly alertmanager: AlertmanagerServer;
  readonly notifications: NotificationSink;
  readonly mail: MailSink;
  stop(): Promise<void>;
}

/** Starts what is shipped, and what stands for everybody whom it tells. */
export async function startShipped(
  differences: Pick<Differences, "speed" | "workingHours" | "retraining">,
  change: (text: string) => string = (text) => text,
): Promise<ShippedAlertmanager> {
  const [notifications, mail] = [await startNotificationSink(), await startMailSink()];
  const secrets = mkdtempSync(join(tmpdir(), "secrets-"));
  const stopSinks = async (): Promise<void> => {
    await Promise.all([notifications.stop(), mail.stop()]);
    rmSync(secrets, { recursive: true });
  };
  try {
    const text = change(shippedWith({ ...differences, mail: mail.address, sink: notifications.url, secrets }));
    const alertmanager = await startAlertmanager(text);
    const stop = async (): Promise<void> => {
      await alertmanager.stop();
      await stopSinks();
    };
    return { alertmanager, notifications, mail, stop };
  } catch (error) {
    await stopSinks();
    throw error;
  }
}
