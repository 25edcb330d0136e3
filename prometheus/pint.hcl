# How pint checks the rules: its own checks, none switched off, and the form that every alert has. From the repository:
#   pint --offline --config prometheus/pint.hcl lint --min-severity info --fail-on info prometheus/rules
# An exception stands in the rules file, above the rule, as `# pint disable CHECK` with the reason in the line before it.
parser {
  schema = "prometheus"
}

rule {
  match {
    kind = "alerting"
  }

  # The first word says what is wrong: Alertmanager and people sort by it.
  name "((Model|Exporter|Serving|Gpu|Host|Kafka|Prometheus|Alertmanager)[A-Z][A-Za-z]+|Watchdog)" {
    comment  = "CamelCase, and its first word is one of those that routes and runbooks know"
    severity = "bug"
  }

  # Routes of Alertmanager know these only.
  label "severity" {
    severity = "bug"
    values = [
      "critical",
      "warning",
      "info",
      "none",
      "{{ if eq $labels.tier \"critical\" }}critical{{ else }}warning{{ end }}",
      "{{ if eq $labels.collector \"models\" }}critical{{ else }}warning{{ end }}",
      "{{ if eq $labels.integration \"pagerduty\" }}critical{{ else }}warning{{ end }}",
    ]
    required = true
  }
  label "component" {
    severity = "bug"
    values = [
      "drift",
      "performance",
      "data_quality",
      "slo",
      "batch",
      "serving",
      "gpu",
      "host",
      "kafka",
      "exporter",
      "monitoring",
    ]
    required = true
  }

  # One sentence that is the same for all instances, so that it can head a group of them.
  annotation "summary" {
    severity = "bug"
    value    = "[^{}]+\\."
    required = true
  }
  annotation "description" {
    severity = "bug"
    required = true
  }
  # Links by construction: the base is an external label of Prometheus, the page has the alert's name.
  annotation "runbook_url" {
    severity = "bug"
    value    = "\\{\\{ with \\$externalLabels\\.runbooks \\}\\}\\{\\{ \\. \\}\\}\\{\\{ else \\}\\}https://[^{}]+/docs/runbooks\\{\\{ end \\}\\}/{{ $alert }}\\.md"
    required = true
  }
  annotation "dashboard_url" {
    severity = "bug"
    value    = "\\{\\{ with \\$externalLabels\\.boards \\}\\}\\{\\{ \\. \\}\\}\\{\\{ else \\}\\}http://localhost:3000/d\\{\\{ end \\}\\}/ml-.+"
    required = true
  }
}
