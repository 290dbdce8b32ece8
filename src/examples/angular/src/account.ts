import { Injectable } from '@angular/core';
import { UnauthorizedError } from 'centrifuge';

/** What `token-endpoint` says of whoever logs in. */
export interface Login {
  readonly session: string;
  readonly user: string;
  readonly gateway: string;
}

/** Who is at this page, as `token-endpoint` knows it: a guest. */
@Injectable({ providedIn: 'root' })
export class Account {
  private session = '';

  async login(): Promise<Login> {
    const login = await post<Login>('/login', {});
    this.session = login.session;
    return login;
  }

  /** A fresh token, to connect or to subscribe; the SDK asks whenever the last one ends. */
  async token(kind: 'connection' | 'subscription', body: object = {}): Promise<string> {
    return (await post<{ token: string }>(`/tokens/${kind}`, body, this.session)).token;
  }
}

async function post<T>(path: string, body: object, session = ''): Promise<T> {
  const headers = { authorization: `Bearer ${session}` };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.status === 401 || response.status === 403) {
    // The SDK gives up; after any other error it asks again.
    throw new UnauthorizedError('the session is over');
  }
  if (!response.ok) {
    throw new Error(`error ${response.status}`);
  }
  return (await response.json()) as T;
}
