// What the kernel alone asks for a fan-out: sends the same bytes to 2,000 sockets of another process
// on loopback, and does nothing else. Below this no server can come. Linux 6.1 or later.
//
//   cc -O2 -o floor floor.c && ./floor 247
//
// The argument is the size of a send in bytes. Prints the processor time of a send, once with a
// system call for each and once with 256 of them in one (io_uring), several times in turn.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS = 2000, TOGETHER = 256, TURNS = 5, SECONDS = 3 };

static int sockets[SOCKETS];
static int ring;
static char *queues;
static struct io_uring_sqe *entries;
static struct io_uring_params parameters;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void pin(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  sched_setaffinity(0, sizeof cores, &cores);
}

static double processor_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec +
         (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void make_ring(void) {
  parameters.flags =
      IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  ring = syscall(SYS_io_uring_setup, TOGETHER, &parameters);
  if (ring < 0) fail("io_uring_setup");
  size_t bytes = parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe) +
                 TOGETHER * sizeof(unsigned);
  int flags = MAP_SHARED | MAP_POPULATE;
  queues = mmap(0, bytes, PROT_READ | PROT_WRITE, flags, ring, IORING_OFF_SQ_RING);
  entries = mmap(0, TOGETHER * sizeof *entries, PROT_READ | PROT_WRITE, flags, ring,
                 IORING_OFF_SQES);
  if (queues == MAP_FAILED || entries == MAP_FAILED) fail("mmap");
  for (unsigned i = 0; i < TOGETHER; i++) {
    ((unsigned *)(queues + parameters.sq_off.array))[i] = i;
  }
}

static void complete(int bytes) {
  unsigned *head = (unsigned *)(queues + parameters.cq_off.head);
  unsigned end = __atomic_load_n((unsigned *)(queues + parameters.cq_off.tail), __ATOMIC_ACQUIRE);
  struct io_uring_cqe *results = (void *)(queues + parameters.cq_off.cqes);
  for (unsigned at = *head; at != end; at++) {
    if (results[at & (parameters.cq_entries - 1)].res != bytes) fail("a send fell short");
  }
  __atomic_store_n(head, end, __ATOMIC_RELEASE);
}

static void send_together(const char *message, int bytes) {
  unsigned *tail = (unsigned *)(queues + parameters.sq_off.tail);
  for (int next = 0; next < SOCKETS;) {
    unsigned count = 0;
    for (; count < TOGETHER && next < SOCKETS; count++, next++) {
      struct io_uring_sqe *entry = &entries[(*tail + count) & (TOGETHER - 1)];
      memset(entry, 0, sizeof *entry);
      entry->opcode = IORING_OP_SEND;
      entry->fd = sockets[next];
      entry->addr = (unsigned long)message;
      entry->len = bytes;
      entry->msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    }
    __atomic_store_n(tail, *tail + count, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, count, count, IORING_ENTER_GETEVENTS, 0, 0) != count) {
      fail("io_uring_enter");
    }
    complete(bytes);
  }
}

static void send_one_by_one(const char *message, int bytes) {
  for (int i = 0; i < SOCKETS; i++) {
    if (send(sockets[i], message, bytes, MSG_DONTWAIT | MSG_NOSIGNAL) != bytes) fail("send");
  }
}

// Reads what is sent, and says after each round that all of it has come.
static void receive(struct sockaddr_in *server, int bytes, int said) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  pin(1);
  int poll = epoll_create1(0);
  for (int i = 0; i < SOCKETS; i++) {
    int one = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(one, (void *)server, sizeof *server) < 0) fail("connect");
    struct epoll_event event = {.events = EPOLLIN, .data.fd = one};
    epoll_ctl(poll, EPOLL_CTL_ADD, one, &event);
  }
  static char buffer[65536];
  struct epoll_event ready[512];
  long due = 0;
  for (;;) {
    int count = epoll_wait(poll, ready, 512, -1);
    for (int i = 0; i < count; i++) due += read(ready[i].data.fd, buffer, sizeof buffer);
    if (due == (long)bytes * SOCKETS) {
      due = 0;
      if (write(said, "x", 1) != 1) exit(0);
    }
  }
}

static void measure(const char *name, void (*send_all)(const char *, int), const char *message,
                    int bytes, int heard) {
  double used = processor_seconds(), begun = seconds();
  long rounds = 0;
  for (; seconds() - begun < SECONDS; rounds++) {
    char word;
    send_all(message, bytes);
    if (read(heard, &word, 1) != 1) fail("the receiver is gone");
  }
  used = processor_seconds() - used;
  printf("%-14s %5d B: %.2f us each, %.0f per CPU-second\n", name, bytes,
         used * 1e6 / (rounds * SOCKETS), rounds * SOCKETS / used);
  fflush(stdout);
}

int main(int count, char **arguments) {
  int bytes = count == 2 ? atoi(arguments[1]) : 0;
  if (bytes < 1 || bytes > 65536) {
    fprintf(stderr, "usage: floor BYTES, from 1 to 65536\n");
    return 2;
  }
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof here;
  if (bind(listening, (void *)&here, length) < 0 || listen(listening, 4096) < 0) fail("listen");
  getsockname(listening, (void *)&here, &length);
  int said[2];
  if (pipe(said) < 0) fail("pipe");
  if (fork() == 0) receive(&here, bytes, said[1]);
  pin(0);
  for (int i = 0; i < SOCKETS; i++) {
    sockets[i] = accept(listening, 0, 0);
    if (sockets[i] < 0) fail("accept");
    int on = 1;
    setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  char *message = malloc(bytes);
  memset(message, 'a', bytes);
  make_ring();
  for (int turn = 0; turn < TURNS; turn++) {
    measure("one by one", send_one_by_one, message, bytes, said[0]);
    measure("256 together", send_together, message, bytes, said[0]);
  }
  return 0;
}
