import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Played, type Playing, play, type Stretch } from './stretch.js';

/** Plays stretches; each call one after the other has ended. */
export interface Player {
  play(stretch: Stretch): Promise<Played>;
  close(): void;
}

/** One in a process of its own, so that as many as there are cores play at once. */
export function player(playing: Playing): Player {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), [JSON.stringify(playing)], {
    stdio: 'inherit',
  });
  return {
    play: (stretch) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`a process of the campaign ended (${code})`));
        child.once('exit', ended);
        child.once('message', (played: Played) => {
          child.off('exit', ended);
          resolve(played);
        });
        child.send(stretch);
      }),
    close: () => child.disconnect(),
  };
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const playing = JSON.parse(process.argv[2]) as Playing;
  process.on('SIGINT', () => {}); // the campaign ends this one when its stretch is played
  process.on('message', async (stretch: Stretch) => process.send!(await play(stretch, playing)));
}
