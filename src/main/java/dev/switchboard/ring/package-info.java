/// Many sends in one system call.
///
/// An event loop that has something for thousands of sockets would enter the kernel once for each.
/// A ring of Linux's io_uring takes all of them and enters once. And descriptors, which a
/// connection that leaves Netty needs one more of.
package dev.switchboard.ring;
