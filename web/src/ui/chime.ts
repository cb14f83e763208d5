/** A sound, and only after the person has touched the page: browsers and good manners want it so. */

/** Becomes able to sound at the first gesture. */
export class Chime {
  #audio: AudioContext | null = null;

  constructor(page: Document) {
    const ready = () => {
      this.#audio ??= open();
    };
    page.addEventListener("pointerdown", ready, { once: true, passive: true });
    page.addEventListener("keydown", ready, { once: true, passive: true });
  }

  /** Sounds, if it may. The notes come with the first message that nobody looks at. */
  play(): void {
    const audio = this.#audio;
    if (!audio) return;
    // Without its notes the title and the icon still tell.
    Promise.all([import("./notes.ts"), audio.resume()]).then(
      ([{ sound }]) => sound(audio),
      () => {},
    );
  }
}

function open(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}
