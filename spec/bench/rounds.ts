/**
 * Counts rounds of a measurement: two at least, then as long as time is left, `most` at the most. Which one runs is
 * written to standard error.
 */
export function* rounds(what: string, most: number, seconds: number): Generator<number> {
  const from = performance.now();
  for (let round = 0; round < most; round++) {
    const passed = (performance.now() - from) / 1000;
    if (round >= 2 && passed > seconds) return;
    process.stderr.write(`  ${what}: round ${round + 1} of ${most}, ${passed.toFixed(0)} s of ${seconds}\n`);
    yield round;
  }
}
