import { relative } from 'node:path';
import ts from 'typescript';
import { operators, type Types } from './operators.js';
import type { Site } from './site.js';

/** Every place of these files that an operator applies to, in order. */
export function sitesOf(files: readonly string[], root: string): readonly Site[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const typeOf = (node: ts.Node) => checker.getTypeAtLocation(node);
  const types: Types = {
    number: (node) => (typeOf(node).flags & ts.TypeFlags.NumberLike) !== 0,
    same: (a, b) => {
      const [one, other] = [typeOf(a), typeOf(b)].map((type) =>
        checker.typeToString(checker.getBaseTypeOfLiteralType(type)),
      );
      return one === other && !/=>|^any$|^unknown$|^string$/.test(one);
    },
  };
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return new Search(source, relative(root, file), types).sites();
  });
}

class Search {
  private readonly found: Site[] = [];
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly source: ts.SourceFile,
    private readonly file: string,
    private readonly types: Types,
  ) {}

  sites(): readonly Site[] {
    this.visit(this.source);
    return this.found;
  }

  private visit(node: ts.Node): void {
    if (isText(node)) return;
    if (ts.isBlock(node))
      for (const [at, statement] of node.statements.entries())
        this.statement(statement, node.statements[at + 1]);
    if (ts.isExpression(node) && !isTarget(node)) {
      for (const { name, variants } of operators) {
        for (const after of new Set(variants(node, this.types))) this.add(name, node, after);
      }
    }
    ts.forEachChild(node, (child) => this.visit(child));
  }

  /** A change of state left out, or overtaken by the next one. */
  private statement(statement: ts.Statement, next: ts.Statement | undefined): void {
    if (!changesState(statement)) return;
    this.add('dropped', statement, '', 'dropped');
    if (next !== undefined && changesState(next))
      this.add('order', statement, next.getText(this.source), 'overtaken');
  }

  private add(operator: string, node: ts.Node, after: string, statement?: Site['statement']): void {
    const before = node.getText(this.source);
    if (before === after) return;
    const key = [this.file, operator, before, after].join(' ¦ ');
    const again = this.seen.get(key) ?? 0;
    this.seen.set(key, again + 1);
    this.found.push({
      id: again === 0 ? key : `${key} ¦ ${again + 1}`,
      file: this.file,
      line: this.source.getLineAndCharacterOfPosition(node.getStart(this.source)).line + 1,
      operator,
      start: node.getStart(this.source),
      end: node.getEnd(),
      before,
      after,
      statement,
    });
  }
}

function changesState(statement: ts.Statement): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const { expression } = statement;
  if (ts.isBinaryExpression(expression) || ts.isPostfixUnaryExpression(expression)) return true;
  // Checks of arguments and frees change no result.
  return (
    ts.isCallExpression(expression) &&
    !/^(chosen|tagged|release|check|inRange|wholeNumber)|\.release/.test(expression.getText())
  );
}

/** What is told to people and to the type checker, not computed with. */
function isText(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return true;
  if (ts.isThrowStatement(node) || ts.isTemplateExpression(node) || ts.isTypeAliasDeclaration(node))
    return true;
  if (ts.isVariableDeclaration(node) && /Options?$/.test(node.name.getText())) return true;
  if (ts.isPropertyAssignment(node) && /^(message|name|options|sentence)$/.test(node.name.getText()))
    return true;
  return ts.isCallExpression(node) && /^(chosen|tagged)$/.test(node.expression.getText());
}

/** What is written to, not read. */
function isTarget(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.left === node)
    return (
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    );
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return true;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return (
      parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
    );
  if (ts.isVariableDeclaration(parent) && parent.name === node) return true;
  if (ts.isFunctionLike(parent) || ts.isClassLike(parent))
    return !ts.isArrowFunction(parent) || parent.body !== node;
  return (
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isExpressionWithTypeArguments(parent) ||
    ts.isShorthandPropertyAssignment(parent)
  );
}
