// The same fan-out on Node and the `ws` library: one send per subscriber of a topic. A subscriber
// has the topic of its path, /session/TOPIC; what the publisher sends begins with a topic and a
// space.
// Start: node ws-server.js PORT. It ends when its standard input ends, so it cannot outlive a run.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const port = Number(process.argv[2]);
const subscriberPath = "/session/";
const topics = new Map();

const http = createServer((request, response) => {
  response.writeHead(request.url === "/ready" ? 200 : 400).end();
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });

function subscribe(socket, topic) {
  if (!topics.has(topic)) topics.set(topic, new Set());
  const subscribers = topics.get(topic);
  subscribers.add(socket);
  socket.on("close", () => {
    subscribers.delete(socket);
    if (subscribers.size === 0) topics.delete(topic);
  });
}

function publish(message) {
  const space = message.indexOf(" ");
  const subscribers = topics.get(message.toString("latin1", 0, space)) ?? [];
  const data = message.subarray(space + 1);
  for (const subscriber of subscribers) subscriber.send(data, { binary: false });
}

sockets.on("connection", (socket, request) => {
  if (request.url.startsWith(subscriberPath)) {
    subscribe(socket, request.url.slice(subscriberPath.length));
  } else {
    socket.on("message", publish);
  }
  socket.on("error", () => socket.terminate());
  socket.send("ready");
});

process.stdin.on("end", () => process.exit(0)).resume();
http.listen({ host: "127.0.0.1", port, backlog: 4096 }, () => {
  console.log(`Node ${process.version} listens on 127.0.0.1:${port}`);
});
