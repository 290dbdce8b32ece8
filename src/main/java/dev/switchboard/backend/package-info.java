/// What an application answers for its clients: calls that go on to a back end, over HTTP or to
/// Java code in this process.
package dev.switchboard.backend;
