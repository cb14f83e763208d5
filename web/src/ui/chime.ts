/** Two soft notes, and only after the person has touched the page: browsers and good manners want it so. */

const NOTES = [660, 880];
const LENGTH = 0.14;

/** Seconds that both notes take. */
const WHOLE = LENGTH * (NOTES.length + 1);

/** Becomes able to sound at the first gesture. */
export class Chime {
  #audio: AudioContext | null = null;
  #end = 0;

  constructor(page: Document) {
    const ready = () => {
      this.#audio ??= open();
    };
    page.addEventListener("pointerdown", ready, { once: true, passive: true });
    page.addEventListener("keydown", ready, { once: true, passive: true });
  }

  /** Sounds, if it may. What comes while it sounds is heard with it. */
  play(): void {
    const audio = this.#audio;
    if (!audio) return;
    const sound = () => {
      if (audio.currentTime < this.#end) return;
      this.#end = audio.currentTime + WHOLE;
      for (const [index, pitch] of NOTES.entries()) strike(audio, pitch, audio.currentTime + index * LENGTH);
    };
    audio.resume().then(sound, () => {});
  }
}

function open(): AudioContext | null {
  try {
    return new AudioContext();
  } catch {
    return null;
  }
}

function strike(audio: AudioContext, pitch: number, at: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.08, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH * 1.6);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + LENGTH * 2);
}
