/** Signs tokens as the gateway wants them: JWT, by HMAC with the secret that both know. */
import { createHmac } from 'node:crypto';

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Who signs with `secret`, for gateways that expect `audience`, tokens that are good for `seconds`.
 */
export class Tokens {
  #secret;
  #audience;
  #seconds;

  constructor({ secret, audience, seconds }) {
    this.#secret = secret;
    this.#audience = audience;
    this.#seconds = seconds;
  }

  /** To connect as a user. */
  connection(user) {
    return this.#sign({ sub: user });
  }

  /** To subscribe to a channel, as the same user. */
  subscription(user, channel) {
    return this.#sign({ sub: user, channel });
  }

  #sign(claims) {
    const now = Math.floor(Date.now() / 1000);
    const lifetime = { iat: now, exp: now + this.#seconds };
    const body = encoded({ aud: this.#audience, ...lifetime, ...claims });
    const unsigned = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${body}`;
    return `${unsigned}.${createHmac('sha256', this.#secret).update(unsigned).digest('base64url')}`;
  }
}
