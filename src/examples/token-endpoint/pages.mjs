/** Serves the files of one folder, to pages that may load and reach nothing else but the gateway. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export class Pages {
  #folder;
  #policy;

  /** @param gateway address of the gateway, such as http://localhost:8000 */
  constructor(folder, gateway) {
    this.#folder = path.resolve(folder);
    this.#policy = "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
      + `connect-src 'self' ${gateway} ${gateway.replace(/^http/, 'ws')}`;
  }

  /** Answers with a file, or 404. */
  async serve(pathname, response) {
    const file = path.join(this.#folder, pathname.replace(/[/]$/, '/index.html'));
    const type = TYPES[path.extname(file)];
    const isOurs = type && file.startsWith(this.#folder + path.sep);
    const content = isOurs && await readFile(file).catch(() => null);
    if (content) {
      response.writeHead(200, { 'content-type': type, 'content-security-policy': this.#policy });
    } else {
      response.writeHead(404);
    }
    response.end(content || undefined);
  }
}
