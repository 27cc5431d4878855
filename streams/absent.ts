/** Stands where an array is not there, and says so to whoever touches it. */
function absent(why: string): object {
  const refuse = (): never => {
    throw new Error(why);
  };
  return new Proxy({}, { get: refuse, getPrototypeOf: refuse, ownKeys: refuse, has: refuse });
}

const notYet = (what: string) =>
  absent(`frame.${what}: there is none, because no gradient() stands before, or because no step was taken`);

/** What a frame has before `gradient()` has measured it. */
export const missing = {
  loss: notYet('loss'),
  gradient: notYet('gradient'),
  update: notYet('update'),
};

/** What a frame has when its arrays went back. */
export const returned = absent(
  'frame: its arrays were lent until the next frame and are gone; copy them by snapshot()',
);
