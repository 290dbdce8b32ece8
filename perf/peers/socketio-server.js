// The same fan-out on Socket.IO: a subscriber is in the room that its address names.
// Start: node socketio-server.js PORT [REDIS_PORT]. With a Redis, servers tell each other through
// it. It ends when its standard input ends, so it cannot outlive a run.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const port = Number(process.argv[2]);
const redisPort = process.argv[3];
let ready = false;

const http = createServer((request, response) => {
  response.writeHead(request.url === "/ready" && ready ? 200 : 400).end();
});
const io = new Server(http, {
  transports: ["websocket"],
  perMessageDeflate: false,
  // Nobody is silent for long here, and the load client speaks as little as it can.
  pingInterval: 600_000,
  maxHttpBufferSize: 1 << 20,
});

io.on("connection", (socket) => {
  const room = socket.handshake.query.room;
  if (room) socket.join(room);
  socket.on("publish", (to, data) => io.to(to).emit("m", data));
});

if (redisPort) {
  const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  io.adapter(createAdapter(publisher, subscriber));
}

process.stdin.on("end", () => process.exit(0)).resume();
http.listen({ host: "127.0.0.1", port, backlog: 4096 }, () => {
  ready = true;
  console.log(`Socket.IO on Node ${process.version} listens on 127.0.0.1:${port}`);
});
