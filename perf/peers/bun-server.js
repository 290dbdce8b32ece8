// The fan-out every runtime is compared with: Bun's native publish/subscribe, nothing around it.
// Start: bun bun-server.js PORT. It ends when its standard input ends, so it cannot outlive a run.
const port = Number(process.argv[2]);
const topic = "fan";

const server = Bun.serve({
  hostname: "127.0.0.1",
  port,
  fetch(request, server) {
    const path = new URL(request.url).pathname;
    if (path === "/ready") return new Response("ready");
    const upgraded = server.upgrade(request, { data: { publisher: path === "/publish" } });
    return upgraded ? undefined : new Response("only WebSocket here", { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    perMessageDeflate: false,
    open(socket) {
      if (!socket.data.publisher) socket.subscribe(topic);
      socket.send("ready");
    },
    message(socket, message) {
      if (socket.data.publisher) server.publish(topic, message);
    },
  },
});

process.stdin.on("end", () => process.exit(0)).resume();
console.log(`Bun ${Bun.version} listens on 127.0.0.1:${server.port}`);
