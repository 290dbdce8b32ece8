/// The client port before anybody is a client: TLS, who may take a place, and which requests may
/// become connections that stay.
package dev.switchboard.door;
