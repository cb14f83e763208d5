/** Two soft notes. */

const NOTES = [660, 880];
const LENGTH = 0.14;

/** Seconds that both notes take. */
const WHOLE = LENGTH * (NOTES.length + 1);

let end = 0;

/** Sounds. What comes while it sounds is heard with it. */
export function sound(audio: AudioContext): void {
  if (audio.currentTime < end) return;
  end = audio.currentTime + WHOLE;
  for (const [index, pitch] of NOTES.entries()) strike(audio, pitch, audio.currentTime + index * LENGTH);
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
