// What a Kafka of the tests is told: the properties of a node, its accounts and certificate, and its own log's settings.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "./cache.ts";

export interface NodePorts {
  readonly plain: number;
  readonly controller: number;
  readonly sasl: number;
  readonly tls: number;
  readonly saslTls: number;
}

export interface Account {
  readonly name: string;
  readonly password: string;
}

export interface Security {
  /** Who may come in by PLAIN and by SCRAM. */
  readonly accounts: readonly Account[];
  /** In PEM, for "localhost" and 127.0.0.1. */
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate that signs itself. @throws where openssl is missing */
export async function makeCertificate(): Promise<{ certificate: string; key: string }> {
  const directory = mkdtempSync(join(tmpdir(), "certificate-"));
  const [key, certificate] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", ...subject];
  try {
    await runTool("openssl", [...request, "-keyout", key, "-out", certificate], "openssl");
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const clusterId = "AAAAAAAAAAAAAAAAAAAAAQ";

export function formatArguments(file: string, accounts: readonly Account[]): string[] {
  const scram = accounts.flatMap(({ name, password }) => {
    return ["--add-scram", `SCRAM-SHA-256=[name=${name},password=${password},iterations=4096]`];
  });
  return ["-t", clusterId, "-c", file, ...scram];
}

export function properties(directory: string, id: number, ports: readonly NodePorts[], security?: Security): string {
  const own = ports[id - 1] as NodePorts;
  const voters = ports.map(({ controller }, index) => `${index + 1}@127.0.0.1:${controller}`).join(",");
  const listeners = [`PLAINTEXT://127.0.0.1:${own.plain}`];
  if (security !== undefined) {
    listeners.push(`SASL://127.0.0.1:${own.sasl}`, `SSL://127.0.0.1:${own.tls}`, `SASLSSL://127.0.0.1:${own.saslTls}`);
  }
  // Three nodes on a busy machine are late with their heartbeats now and then.
  const brokerSessionMillis = ports.length > 1 ? 4000 : 2000;
  return `process.roles=broker,controller
node.id=${id}
controller.quorum.voters=${voters}
listeners=${listeners.join(",")},CONTROLLER://127.0.0.1:${own.controller}
advertised.listeners=${listeners.join(",")}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SSL,SASLSSL:SASL_SSL
log.dirs=${join(directory, "data")}
min.insync.replicas=${Math.min(2, ports.length)}
offsets.topic.replication.factor=${ports.length}
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=${ports.length}
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=${ports.length}
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=${brokerSessionMillis}
broker.heartbeat.interval.ms=250
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=4194304
log.cleaner.backoff.ms=500
message.max.bytes=16777216
num.network.threads=2
num.io.threads=2
auto.create.topics.enable=false
${security === undefined ? "" : securityProperties(security)}`;
}

function securityProperties({ accounts, certificate, key }: Security): string {
  const users = accounts.map(({ name, password }) => ` user_${name}="${password}"`).join("");
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required${users};`;
  const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
  const inOneLine = (pem: string): string => pem.trim().replaceAll("\n", "\\n");
  const logins = ["sasl", "saslssl"].map(
    (listener) => `listener.name.${listener}.plain.sasl.jaas.config=${plain}
listener.name.${listener}.scram-sha-256.sasl.jaas.config=${scram}`,
  );
  return `sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
${logins.join("\n")}
ssl.keystore.type=PEM
ssl.keystore.key=${inOneLine(key)}
ssl.keystore.certificate.chain=${inOneLine(certificate)}
`;
}

export const loggingConfig = `<Configuration status="ERROR"><Appenders><Console name="C"><PatternLayout pattern="%d %p %c{1} %m%n"/></Console></Appenders>
<Loggers><Root level="WARN"><AppenderRef ref="C"/></Root></Loggers></Configuration>
`;
