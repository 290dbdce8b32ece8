// The fan-out every runtime is compared with: Bun's native publish/subscribe, nothing around it.
// A subscriber has the topic of its path, /session/TOPIC; what the publisher sends begins with a
// topic and a space.
// Start: bun bun-server.js PORT. It ends when its standard input ends, so it cannot outlive a run.
const port = Number(process.argv[2]);
const subscriberPath = "/session/";

const server = Bun.serve({
  hostname: "127.0.0.1",
  port,
  fetch(request, server) {
    const path = new URL(request.url).pathname;
    if (path === "/ready") return new Response("ready");
    const topic = path.startsWith(subscriberPath) ? path.slice(subscriberPath.length) : null;
    const upgraded = server.upgrade(request, { data: { topic } });
    return upgraded ? undefined : new Response("only WebSocket here", { status: 400 });
  },
  websocket: {
    idleTimeout: 0,
    perMessageDeflate: false,
    open(socket) {
      if (socket.data.topic !== null) socket.subscribe(socket.data.topic);
      socket.send("ready");
    },
    message(socket, message) {
      if (socket.data.topic !== null) return;
      const space = message.indexOf(" ");
      server.publish(message.slice(0, space), message.slice(space + 1));
    },
  },
});

process.stdin.on("end", () => process.exit(0)).resume();
console.log(`Bun ${Bun.version} listens on 127.0.0.1:${server.port}`);
