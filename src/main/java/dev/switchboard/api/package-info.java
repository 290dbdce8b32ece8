/// Serves back-end services over HTTP and the event bus: publish, send, disconnect, presence and
/// what nodes there are.
///
/// Start reading at [dev.switchboard.api.ApiCalls]; [dev.switchboard.api.ApiMethods] has a case per
/// method, [dev.switchboard.api.ApiRoutes] and [dev.switchboard.api.BusVerticle] are the doors.
package dev.switchboard.api;
