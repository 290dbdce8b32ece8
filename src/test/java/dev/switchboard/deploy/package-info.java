/// What operators deploy: the manifests and the chart of `k8s`, rendered and held to rules.
///
/// No cluster is needed. Start at `Rule`, then `BrokenManifestsTest`, which shows that each of them
/// can fail.
package dev.switchboard.deploy;
