/// permessage-deflate (RFC 7692): what is agreed to, and messages compressed and inflated.
///
/// Every message stands for itself: both sides agree to forget what came before it
/// (`no_context_takeover`). So one compressor serves all sockets of an event loop, what it made for
/// one socket can go to all others, and a connection costs no more than without compression. No
/// I/O: start reading at [dev.switchboard.deflate.Deflation].
package dev.switchboard.deflate;
