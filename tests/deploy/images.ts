// Whose images the stack takes, and where it is documented what it sets in them: no engine was there to try it with.

export interface Image {
  /** Variables of the environment that may be set, and where each is documented. */
  readonly variables: Readonly<Record<string, string>>;
  /** The page that says how the image is used, and which tags there are. */
  readonly page: string;
}

const kafkaGuide = "https://github.com/apache/kafka/blob/4.3.1/docker/examples/README.md#using-environment-variables";
const kafkaExample =
  "https://github.com/apache/kafka/blob/4.3.1/docker/examples/docker-compose-files/single-node/plaintext/docker-compose.yml";
const kafkaScript = "https://github.com/apache/kafka/blob/4.3.1/bin/kafka-run-class.sh";
const grafanaFiles =
  "https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/#configure-grafana-with-docker-secrets";
const grafanaSection = (section: string): string =>
  `https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#${section}`;
const mailpitOptions = "https://mailpit.axllent.org/docs/configuration/runtime-options/";
const ownRules = "docs/prometheus.md";

export const images: Readonly<Record<string, Image>> = {
  "apache/kafka:4.3.1": {
    page: "https://hub.docker.com/r/apache/kafka",
    variables: {
      CLUSTER_ID: kafkaGuide,
      KAFKA_NODE_ID: kafkaExample,
      KAFKA_PROCESS_ROLES: kafkaExample,
      KAFKA_CONTROLLER_QUORUM_VOTERS: kafkaExample,
      KAFKA_LISTENERS: kafkaExample,
      KAFKA_ADVERTISED_LISTENERS: kafkaExample,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: kafkaExample,
      KAFKA_INTER_BROKER_LISTENER_NAME: kafkaExample,
      KAFKA_CONTROLLER_LISTENER_NAMES: kafkaExample,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: kafkaExample,
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: kafkaExample,
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: kafkaExample,
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: kafkaExample,
      KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: kafkaExample,
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: kafkaExample,
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: kafkaGuide,
      KAFKA_LOG_DIRS: kafkaExample,
      KAFKA_HEAP_OPTS: kafkaScript,
    },
  },
  "prom/prometheus:v3.15.0": {
    page: "https://hub.docker.com/r/prom/prometheus",
    variables: { RUNBOOKS_URL: ownRules, BOARDS_URL: ownRules },
  },
  "prom/alertmanager:v0.31.1": { page: "https://hub.docker.com/r/prom/alertmanager", variables: {} },
  "grafana/grafana:13.2.3": {
    page: "https://hub.docker.com/r/grafana/grafana",
    variables: {
      GF_SECURITY_ADMIN_PASSWORD__FILE: grafanaFiles,
      GF_SERVER_ROOT_URL: grafanaSection("root_url"),
      GF_AUTH_ANONYMOUS_ENABLED: grafanaSection("authanonymous"),
      GF_USERS_ALLOW_SIGN_UP: grafanaSection("allow_sign_up"),
      GF_PLUGINS_PREINSTALL_DISABLED: grafanaSection("preinstall_disabled"),
      GF_ANALYTICS_REPORTING_ENABLED: grafanaSection("reporting_enabled"),
      GF_ANALYTICS_CHECK_FOR_UPDATES: grafanaSection("check_for_updates"),
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: grafanaSection("check_for_plugin_updates"),
      GF_NEWS_NEWS_FEED_ENABLED: grafanaSection("news_feed_enabled"),
    },
  },
  "axllent/mailpit:v1.31.4": {
    page: "https://mailpit.axllent.org/docs/install/docker/",
    variables: {
      MP_MAX_MESSAGES: mailpitOptions,
      MP_DISABLE_VERSION_CHECK: mailpitOptions,
      MP_SMTP_DISABLE_RDNS: mailpitOptions,
    },
  },
};
