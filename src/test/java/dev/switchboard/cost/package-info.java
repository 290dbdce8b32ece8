/// What a node costs, counted and never timed: each test holds one figure to 15 %.
///
/// What [dev.switchboard.perf] counts through `perf/run` belongs to it too.
package dev.switchboard.cost;
