/**
 * What to do where no step lowers the value: have a derivative that was given checked, or give the one that differences
 * stand in for, which `gradientCheck` could only compare with themselves.
 */
export function derivativeAdvice(what: 'gradient' | 'Jacobian', made: 'given' | 'differences'): string {
  return made === 'given'
    ? `is the ${what} right? gradientCheck tells`
    : `the ${what} is made of differences: give it in closed form, or see whether the values are smooth`;
}
