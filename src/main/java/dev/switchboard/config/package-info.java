/// Turns defaults, file, environment and flags into one immutable record tree, or lists every
/// problem and refuses to start.
///
/// A leaf: it imports nothing of ours and no Vert.x. Start reading at [ConfigLoader]; the keys are
/// the components of [GatewayConfig] and the defaults are `conf/switchboard.yaml`.
package dev.switchboard.config;
