/// Runs the fuzz targets for long, with coverage to guide them: Jazzer, one target in a JVM of its
/// own after the other.
///
/// What a target does is in the `...FuzzTest` beside the code that it is about; every test run
/// replays the inputs kept for it. Start reading at [dev.switchboard.fuzz.Fuzz].
package dev.switchboard.fuzz;
