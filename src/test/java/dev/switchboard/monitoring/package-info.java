/// What operators watch nodes with: alert rules, dashboards and runbooks, against the real
/// programs.
///
/// Start reading at [dev.switchboard.monitoring.MonitoringIT].
package dev.switchboard.monitoring;
