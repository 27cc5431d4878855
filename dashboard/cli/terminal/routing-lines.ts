import type { MethodDescription } from '../../record/events.js';

/** One line a method that gives layers blocks of their own: how many parameters have which, and why not all. */
export function routingLines(methods: readonly MethodDescription[]): string[] {
  return methods.flatMap(({ label, contestant = label, routes }, i) => {
    const known = methods.findIndex((other) => (other.contestant ?? other.label) === contestant) < i;
    if (routes === undefined || known) return [];
    const diagonal = routes.filter(({ block }) => block === 'diagonal');
    const byReason = new Map<string, string[]>();
    for (const { path, reason } of diagonal) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
    const whys = [...byReason].map(
      ([reason, paths]) => `${paths[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''}: ${reason}`,
    );
    const rest = diagonal.length === 0 ? '' : `, ${diagonal.length} diagonal (${whys.join('; ')})`;
    return [`${contestant}: ${routes.length - diagonal.length} parameters in Kronecker blocks${rest}`];
  });
}
