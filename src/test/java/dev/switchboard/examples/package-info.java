/// The programs and pages of `src/examples`, run as their READMEs say, against real nodes.
///
/// What happens on a page is in `src/test/js`. Start reading at [dev.switchboard.examples.ChatIT].
package dev.switchboard.examples;
