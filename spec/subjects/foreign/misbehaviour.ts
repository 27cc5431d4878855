/** What a subject did that no optimizer may, in words: it threw, answered nonsense, or a NaN to finite numbers. */
export class Misbehaviour extends Error {
  override readonly name = 'Misbehaviour';
}

/** Asked of a subject whose options stand fixed: to be made with another one. The law then does not apply to it. */
export class OptionFixed extends Error {
  override readonly name = 'OptionFixed';

  constructor(option: string, wanted: unknown, fixed: unknown) {
    super(
      fixed === undefined
        ? `needs a method with the option ${option}`
        : `needs ${option} = ${String(wanted)}, and here it is ${String(fixed)}`,
    );
  }
}
