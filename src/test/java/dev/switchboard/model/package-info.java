/// Every order of events in a small cluster, one after the other: what decides about epochs is run
/// through all states it can reach, and has to keep its promises in each.
///
/// Start reading at [dev.switchboard.model.Explorer].
package dev.switchboard.model;
