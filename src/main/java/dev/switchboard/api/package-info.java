/// Serves back-end services over HTTP: publish, send, disconnect, presence and what nodes there
/// are.
///
/// Start reading at [dev.switchboard.api.ApiRoutes]; [dev.switchboard.api.ApiMethods] has a case
/// per method.
package dev.switchboard.api;
