/** Who is at this page, as `token-endpoint` knows it. */
const { Centrifuge } = globalThis;

async function post(path, body, headers) {
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.status === 401 || response.status === 403) {
    // The SDK gives up; after any other error it asks again.
    throw new Centrifuge.UnauthorizedError('the session is over');
  }
  if (!response.ok) {
    throw new Error(response.status === 400 ? 'not a name that can be used' : `error ${response.status}`);
  }
  return response.json();
}

export class Account {
  #session;

  constructor({ session, user, gateway }) {
    this.#session = session;
    this.user = user;
    this.gateway = gateway;
  }

  static async login(name) {
    return new Account(await post('/login', { name }));
  }

  /** A fresh token, to connect or to subscribe; the SDK asks for one whenever the last one ends. */
  async token(kind, body = {}) {
    const headers = { authorization: `Bearer ${this.#session}` };
    return (await post(`/tokens/${kind}`, body, headers)).token;
  }
}
