import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { Centrifuge, type PublicationContext, type Subscription } from 'centrifuge';
import { Account } from './account';

const CHANNEL = 'room:lobby';
const HISTORY = 50;

export interface Message {
  /** Its place in the stream. */
  readonly offset: number;
  readonly by: string;
  readonly text: string;
}

/** The SDK as signals: how the connection is, and what is said in the room. */
@Injectable({ providedIn: 'root' })
export class Room {
  private readonly account = inject(Account);
  private readonly currentState = signal('logging in');
  private readonly isOpen = signal(false);
  private readonly latest = signal<readonly Message[]>([]);
  private client?: Centrifuge;
  private subscription?: Subscription;

  /** How the connection is, in words. */
  readonly state = this.currentState.asReadonly();
  /** Whether something can be said. */
  readonly connected = this.isOpen.asReadonly();
  /** The last messages, oldest first. */
  readonly messages = this.latest.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.client?.disconnect());
  }

  /** Logs in, connects and subscribes; from then on the signals tell. */
  async enter(): Promise<void> {
    const { user, gateway } = await this.account.login();
    this.client = new Centrifuge(`${gateway.replace(/^http/, 'ws')}/connection/websocket`, {
      getToken: () => this.account.token('connection'),
    });
    this.client.on('connecting', () => this.show('connecting …', false));
    this.client.on('connected', () => this.show(`connected as ${user}`, true));
    this.client.on('disconnected', ({ reason }) => this.show(`disconnected: ${reason}`, false));

    const subscription = this.client.newSubscription(CHANNEL, {
      getToken: ({ channel }) => this.account.token('subscription', { channel }),
    });
    subscription.on('publication', (publication) => this.add([publication]));
    subscription.on('subscribed', ({ wasRecovering, recovered }) => {
      // What was missed while away comes by itself, unless it was too much or too long ago.
      if (!wasRecovering || !recovered) {
        void this.load(subscription);
      }
    });
    this.subscription = subscription;
    subscription.subscribe();
    this.client.connect();
  }

  /** Resolves when the gateway has it. */
  async say(text: string): Promise<void> {
    await this.subscription?.publish({ text, at: new Date().toISOString() });
  }

  private async load(subscription: Subscription): Promise<void> {
    this.latest.set([]);
    try {
      this.add((await subscription.history({ limit: HISTORY, reverse: true })).publications);
    } catch {
      // The connection broke: there will be another `subscribed`.
    }
  }

  /** Adds in the order of the offsets, each once: history and news may overlap. */
  private add(publications: readonly PublicationContext[]): void {
    this.latest.update((messages) => {
      const all = new Map(messages.map((message) => [message.offset, message]));
      for (const { offset = 0, info, data } of publications) {
        // What a service publishes comes from no client.
        all.set(offset, { offset, by: info?.user ?? 'Switchboard', text: String(data.text) });
      }
      return [...all.values()].sort((one, other) => one.offset - other.offset);
    });
  }

  private show(state: string, isOpen: boolean): void {
    this.currentState.set(state);
    this.isOpen.set(isOpen);
  }
}
