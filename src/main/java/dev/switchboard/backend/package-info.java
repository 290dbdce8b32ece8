/// What applications decide for their clients: who connects, subscribes, publishes and calls is
/// asked of a back end, over HTTP or of Java code in this process.
package dev.switchboard.backend;
