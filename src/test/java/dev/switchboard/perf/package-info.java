/// What `perf/run` counts rather than times, held to bounds in every test run.
package dev.switchboard.perf;
