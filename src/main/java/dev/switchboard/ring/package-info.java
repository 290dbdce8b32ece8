/// Many sends in one system call.
///
/// An event loop that has something for thousands of sockets would enter the kernel once for each.
/// A ring of Linux's io_uring takes all of them and enters once.
package dev.switchboard.ring;
