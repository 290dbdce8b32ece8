import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Room } from './room';

@Component({
  selector: 'app-root',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h1>Lobby</h1>
      <p role="status" [class.connected]="room.connected()">{{ room.state() }}</p>
    </header>
    <section>
      <h2 id="title">{{ count() }}</h2>
      <div role="log" aria-labelledby="title" tabindex="0">
        @for (message of room.messages(); track message.offset) {
          <p><b>{{ message.by }}</b><span>{{ message.text }}</span></p>
        } @empty {
          <p>Nobody has said anything yet.</p>
        }
      </div>
    </section>
    <form (submit)="say($event, text)">
      <label for="text">Message</label>
      <input #text id="text" required maxlength="1000" autocomplete="off" />
      <button [disabled]="!room.connected()">Send</button>
    </form>
    <p role="alert">{{ problem() }}</p>
  `,
})
export class App {
  protected readonly room = inject(Room);
  protected readonly count = computed(() => {
    const { length } = this.room.messages();
    return length === 1 ? '1 message' : `${length} messages`;
  });

  protected readonly problem = signal('');

  constructor() {
    void this.attempt(() => this.room.enter());
  }

  protected say(event: Event, input: HTMLInputElement): void {
    event.preventDefault();
    void this.attempt(async () => {
      await this.room.say(input.value);
      input.value = '';
    });
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.problem.set('');
    } catch (failure) {
      this.problem.set(failure instanceof Error ? failure.message : 'That did not work.');
    }
  }
}
