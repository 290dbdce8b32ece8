/** Who is in a room: as asked once, kept up to date by joins and leaves. */
export class People {
  #list;
  #tell;
  /** User by client: who has two tabs open is there twice, and shown once. */
  #present = new Map();
  /** Clients that left while the question was under way, whose answer may still name them. */
  #left = new Set();

  /** @param tell called with a user and what that user does */
  constructor(list, tell) {
    this.#list = list;
    this.#tell = tell;
  }

  /** Begins anew, after a time away. */
  async ask(room) {
    this.#present.clear();
    this.#left.clear();
    const { clients } = await room.presence();
    for (const [client, { user }] of Object.entries(clients)) {
      if (!this.#left.has(client)) {
        this.#present.set(client, user);
      }
    }
    this.#show();
  }

  join({ client, user }) {
    if (!this.#isPresent(user)) {
      this.#tell(user, 'came in');
    }
    this.#present.set(client, user);
    this.#show();
  }

  leave({ client, user }) {
    this.#present.delete(client);
    this.#left.add(client);
    if (!this.#isPresent(user)) {
      this.#tell(user, 'left');
    }
    this.#show();
  }

  #isPresent(user) {
    return [...this.#present.values()].includes(user);
  }

  #show() {
    const users = [...new Set(this.#present.values())].sort();
    this.#list.replaceChildren(...users.map((user) =>
      Object.assign(document.createElement('li'), { textContent: user })));
  }
}
