import ts from 'typescript';
import type { Site } from './site.js';

/** A site under the number by which it is switched on. */
export type Numbered = Site & { readonly number: number };

/**
 * The source with every site a switch, `__at(7) ? wrong : right`, and a tick in every loop, so that all mutants of a
 * file run in one process and one that does not end can be stopped. With a mark every block says `__at(mark)` too, so
 * that it is seen who comes by the file at all.
 */
export function switched(text: string, sites: readonly Numbered[], mark?: number): string {
  const source = ts.createSourceFile('switched.ts', text, ts.ScriptTarget.Latest, true);
  const at = new Map<string, Numbered[]>();
  for (const site of sites) {
    const key = `${site.start} ${site.end} ${site.statement !== undefined}`;
    at.set(key, [...(at.get(key) ?? []), site]);
  }
  const sitesAt = (node: ts.Node, statement: boolean) =>
    at.get(`${node.getStart(source)} ${node.getEnd()} ${statement}`) ?? [];

  const parts = (node: ts.Node): string => {
    let from = node.getStart(source);
    let made = '';
    ts.forEachChild(node, (child) => {
      made += text.slice(from, child.getStart(source)) + emit(child);
      from = child.getEnd();
    });
    return made + text.slice(from, node.getEnd());
  };
  const done = new Set<string>();
  const emit = (node: ts.Node): string => {
    if (ts.isTypeNode(node)) return node.getText(source);
    if (ts.isBlock(node)) return block(node);
    const mine = ts.isExpression(node) ? sitesAt(node, false) : [];
    const key = `${node.getStart(source)} ${node.getEnd()}`;
    // An expression in brackets of its own, or one that is all of another, is one place.
    if (mine.length === 0 || done.has(key)) return ticked(node);
    done.add(key);
    const wrong = mine.map(({ number, after }) => `__at(${number}) ? (${after}) : `).join('');
    return `(${wrong}(${ticked(node)}))`;
  };
  const ticked = (node: ts.Node): string => {
    const loops = ts.isIterationStatement(node, false);
    if (!loops) return parts(node);
    const body = emit(node.statement);
    const head = text.slice(node.getStart(source), node.statement.getStart(source));
    const inHead = ts.isDoStatement(node) ? head : headOf(node);
    const tail = text.slice(node.statement.getEnd(), node.getEnd());
    return `${inHead}{ __tick(); ${body} }${tail}`;
  };
  const headOf = (node: ts.IterationStatement): string => {
    let from = node.getStart(source);
    let made = '';
    ts.forEachChild(node, (child) => {
      if (child === node.statement) return;
      made += text.slice(from, child.getStart(source)) + emit(child);
      from = child.getEnd();
    });
    return made + text.slice(from, node.statement.getStart(source));
  };
  const block = (node: ts.Block): string => {
    let from = node.getStart(source) + 1;
    let made = mark === undefined ? '{' : `{ __at(${mark});`;
    let overtaking: Numbered | undefined;
    for (const statement of node.statements) {
      made += text.slice(from, statement.getStart(source));
      from = statement.getEnd();
      const mine = sitesAt(statement, true);
      const overtaken = mine.find((site) => site.statement === 'overtaken');
      const off = [mine.find((site) => site.statement === 'dropped'), overtaking].filter(
        (one) => one !== undefined,
      );
      if (overtaken !== undefined) made += `if (__at(${overtaken.number})) { ${overtaken.after} } `;
      const guard = off.map(({ number }) => `!__at(${number})`).join(' && ');
      const body = emit(statement);
      made += guard === '' ? body : `if (${guard}) { ${body} }`;
      overtaking = overtaken;
    }
    return made + text.slice(from, node.getEnd());
  };
  return text.slice(0, source.getStart(source)) + parts(source);
}
