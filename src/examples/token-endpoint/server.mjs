/**
 * The part of an application that knows its people, and tells the gateway by tokens who they are.
 *
 * TOKEN_SECRET=… [TOKEN_AUDIENCE=…] [TOKEN_SECONDS=…] [GATEWAY=…] [PORT=…] node server.mjs [folder]
 *
 * With the folder of a page it serves that too, so that both are of one origin.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { Pages } from './pages.mjs';
import { Tokens } from './tokens.mjs';

const { TOKEN_SECRET, TOKEN_AUDIENCE = 'switchboard-dev', TOKEN_SECONDS = '300',
  GATEWAY = 'http://localhost:8000', PORT = '8080' } = process.env;
const BODY_CHARS_MAX = 1000;
const SESSIONS_MAX = 1000;
const NAME = /^[\p{L}\p{N} ._-]{1,32}$/u;

if (!TOKEN_SECRET) {
  console.error('TOKEN_SECRET is missing: the hmac_secret of the gateway');
  process.exit(2);
}
const tokens = new Tokens({
  secret: TOKEN_SECRET, audience: TOKEN_AUDIENCE, seconds: Number(TOKEN_SECONDS) });
const pages = process.argv[2] && new Pages(process.argv[2], GATEWAY);
/** User by the key that login gave out. */
const sessions = new Map();

/** An answer that is not 200. */
class Refusal extends Error {
  constructor(status) {
    super(http.STATUS_CODES[status]);
    this.status = status;
  }
}

/** Who asks. Only the session says so, never the request: else anybody could be anybody. */
function userOf(request) {
  const user = sessions.get(request.headers.authorization?.replace(/^Bearer /, ''));
  if (!user) {
    throw new Refusal(401);
  }
  return user;
}

/** The application's rule; here everybody may be in every room. */
const mayEnter = (user, channel) => /^room:[\w-]+$/.test(channel);

const actions = {
  /** Stands for a login with a password and a cookie: here people are who they say they are. */
  '/login'(request, { name = `guest ${randomUUID().slice(0, 4)}` }) {
    if (!NAME.test(name)) {
      throw new Refusal(400);
    }
    const session = randomUUID();
    sessions.set(session, String(name));
    if (sessions.size > SESSIONS_MAX) {
      sessions.delete(sessions.keys().next().value);
    }
    return { session, user: String(name), gateway: GATEWAY };
  },

  '/tokens/connection'(request) {
    return { token: tokens.connection(userOf(request)) };
  },

  '/tokens/subscription'(request, { channel = '' }) {
    const user = userOf(request);
    if (!mayEnter(user, channel)) {
      throw new Refusal(403);
    }
    return { token: tokens.subscription(user, String(channel)) };
  },
};

async function bodyOf(request) {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += part;
    if (text.length > BODY_CHARS_MAX) {
      throw new Refusal(413);
    }
  }
  try {
    return JSON.parse(text || '{}') ?? {};
  } catch {
    throw new Refusal(400);
  }
}

async function answer(request, response) {
  const [pathname] = request.url.split('?');
  if (request.method === 'GET' && pages) {
    await pages.serve(pathname, response);
  } else if (request.method === 'POST' && Object.hasOwn(actions, pathname)) {
    const result = actions[pathname](request, await bodyOf(request));
    response.setHeader('content-type', 'application/json');
    response.setHeader('cache-control', 'no-store');
    response.end(JSON.stringify(result));
  } else {
    throw new Refusal(404);
  }
}

http.createServer((request, response) => {
  answer(request, response).catch((failure) => {
    response.writeHead(failure instanceof Refusal ? failure.status : 500).end();
  });
}).listen(Number(PORT), '127.0.0.1', () => console.log(`ready at http://localhost:${PORT}/`));
