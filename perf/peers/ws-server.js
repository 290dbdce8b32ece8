// The same fan-out on Node and the `ws` library: one send per subscriber.
// Start: node ws-server.js PORT. It ends when its standard input ends, so it cannot outlive a run.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const port = Number(process.argv[2]);
const subscribers = new Set();

const http = createServer((request, response) => {
  response.writeHead(request.url === "/ready" ? 200 : 400).end();
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });

sockets.on("connection", (socket, request) => {
  if (request.url === "/publish") {
    socket.on("message", (message) => {
      for (const subscriber of subscribers) subscriber.send(message, { binary: false });
    });
  } else {
    subscribers.add(socket);
    socket.on("close", () => subscribers.delete(socket));
  }
  socket.on("error", () => socket.terminate());
  socket.send("ready");
});

process.stdin.on("end", () => process.exit(0)).resume();
http.listen({ host: "127.0.0.1", port, backlog: 4096 }, () => {
  console.log(`Node ${process.version} listens on 127.0.0.1:${port}`);
});
