/// Serves operators on the internal port: health, metrics, the console.
///
/// Start reading at [dev.switchboard.ops.InternalVerticle].
package dev.switchboard.ops;
