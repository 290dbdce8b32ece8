/** Stands for the networks that people are in: lets some requests through, and may be cut. */
import http from 'node:http';

export class Relay {
  #isCut = false;
  #server;

  /**
   * @param nodePort where requests go on to, on this machine
   * @param refuses paths that get 502; a WebSocket never gets through
   */
  constructor(nodePort, refuses) {
    this.#server = http.createServer((request, response) => {
      if (refuses.test(request.url)) {
        response.writeHead(502).end();
        return;
      }
      const { url: path, method, headers } = request;
      const onward = http.request({ host: '127.0.0.1', port: nodePort, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        response.flushHeaders();
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    });
    this.#server.on('upgrade', (request, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    this.#server.on('connection', (socket) => {
      socket.on('error', () => {});
      if (this.#isCut) {
        socket.destroy();
      }
    });
  }

  listen(port) {
    return new Promise((resolve) => { this.#server.listen(port, '127.0.0.1', resolve); });
  }

  /** Breaks what there is and lets nothing through any more. */
  cut() {
    this.#isCut = true;
    this.#server.closeAllConnections();
  }

  mend() {
    this.#isCut = false;
  }
}
