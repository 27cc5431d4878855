import ts from 'typescript';

/** Turns an expression into wrong ones, each a text; `type` tells what the checker knows of a node. */
export interface Operator {
  readonly name: string;
  readonly meaning: string;
  variants(node: ts.Expression, types: Types): readonly string[];
}

export interface Types {
  number(node: ts.Node): boolean;
  same(a: ts.Node, b: ts.Node): boolean;
}

const text = (node: ts.Node) => node.getText();
const inBrackets = (node: ts.Node) => `(${text(node)})`;

/** x ∘ y with x and y numbers. */
function numeric(
  node: ts.Expression,
  types: Types,
  ...kinds: ts.SyntaxKind[]
): ts.BinaryExpression | undefined {
  if (!ts.isBinaryExpression(node) || !kinds.includes(node.operatorToken.kind)) return undefined;
  return types.number(node.left) && types.number(node.right) ? node : undefined;
}

interface Call {
  readonly name: string;
  /** What stands before the name, with its point. */
  readonly on: string;
  readonly at: readonly ts.Expression[];
}

/** A call of an algebra's operation or of one of Math. */
function called(node: ts.Expression, ...names: string[]): Call | undefined {
  if (!ts.isCallExpression(node) || node.arguments.some(ts.isSpreadElement)) return undefined;
  const callee = text(node.expression);
  const name = callee.slice(callee.lastIndexOf('.') + 1);
  const on = callee.slice(0, callee.length - name.length);
  if (!names.includes(name) || !/^$|Math\.$|[aA]lgebra\.$|Vectors\.$|^float64\.$/.test(on)) return undefined;
  return { name, on, at: node.arguments };
}

const again = (on: string, name: string, ...at: string[]) => `${on}${name}(${at.join(', ')})`;

/** A number beside an arithmetic sign, or handed to an operation. */
function counts(node: ts.Expression): node is ts.NumericLiteral {
  if (!ts.isNumericLiteral(node)) return false;
  const { parent } = node;
  const arithmetic = [
    ts.SyntaxKind.PlusToken,
    ts.SyntaxKind.MinusToken,
    ts.SyntaxKind.AsteriskToken,
    ts.SyntaxKind.SlashToken,
    ts.SyntaxKind.AsteriskAsteriskToken,
  ];
  if (ts.isBinaryExpression(parent)) return arithmetic.includes(parent.operatorToken.kind);
  return (
    ts.isCallExpression(parent) && called(parent, 'combine', 'mul', 'div', 'add', 'sub', 'pow') !== undefined
  );
}

const lengths = /(\b|\.)(length|size|count|rows|batch|examples|terms|n|m|positions)\)?$/;
const epsilons = /epsilon|ridge|tiny|EPSILON|noise/i;
const memories = /^(beta\d?|memory|lookahead|decay|momentum|rho|kept)$/;

/** Mistakes of meaning, as they are made in numerical code. */
export const operators: readonly Operator[] = [
  {
    name: 'sign',
    meaning: '+ for −, − for +, a minus sign lost',
    variants(node, types) {
      const sum = numeric(node, types, ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken);
      if (sum !== undefined) {
        const other = sum.operatorToken.kind === ts.SyntaxKind.PlusToken ? '-' : '+';
        return [`${text(sum.left)} ${other} ${inBrackets(sum.right)}`];
      }
      if (
        ts.isPrefixUnaryExpression(node) &&
        node.operator === ts.SyntaxKind.MinusToken &&
        !ts.isNumericLiteral(node.operand)
      )
        return [text(node.operand)];
      const call = called(node, 'add', 'sub', 'neg', 'combine');
      if (call === undefined) return [];
      const [x, y, b, z] = call.at.map(text);
      if (call.name === 'neg') return [x];
      if (call.name === 'combine') return [again(call.on, 'combine', x, y, `-(${b})`, z)];
      return [again(call.on, call.name === 'add' ? 'sub' : 'add', x, y)];
    },
  },
  {
    name: 'factor',
    meaning: 'a factor or divisor left out',
    variants(node, types) {
      const product = numeric(node, types, ts.SyntaxKind.AsteriskToken);
      if (product !== undefined) return [text(product.left), text(product.right)];
      const quotient = numeric(node, types, ts.SyntaxKind.SlashToken);
      if (quotient !== undefined && !lengths.test(text(quotient.right))) return [text(quotient.left)];
      const call = called(node, 'mul', 'div');
      return call === undefined ? [] : [text(call.at[0])];
    },
  },
  {
    name: 'tenth',
    meaning: 'a quotient a tenth too small',
    variants(node, types) {
      const quotient = numeric(node, types, ts.SyntaxKind.SlashToken);
      if (quotient !== undefined) return [`0.9 * ${inBrackets(quotient)}`];
      const call = called(node, 'div');
      return call === undefined ? [] : [`${call.on}mul(${text(node)}, 0.9)`];
    },
  },
  {
    name: 'half',
    meaning: '½ for 1, 1 for 2, 2 for 1',
    variants(node) {
      if (!counts(node)) return [];
      return { '0.5': ['1'], '2': ['1'], '1': ['2'], '4': ['2'] }[node.text] ?? [];
    },
  },
  {
    name: 'complement',
    meaning: 'β for 1 − β, or the weights of a mean exchanged',
    variants(node, types) {
      const rest = numeric(node, types, ts.SyntaxKind.MinusToken);
      if (rest !== undefined && text(rest.left) === '1') return [text(rest.right)];
      const call = called(node, 'combine');
      if (call !== undefined) {
        const [a, x, b, y] = call.at.map(text);
        return [again(call.on, 'combine', b, x, a, y)];
      }
      const named = ts.isIdentifier(node) && memories.test(node.text) && types.number(node);
      return named ? [`1 - ${node.text}`] : [];
    },
  },
  {
    name: 'count',
    meaning: 't for t ± 1, an exponent one too high',
    variants(node, types) {
      const next = numeric(node, types, ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken);
      if (next !== undefined && text(next.right) === '1') return [text(next.left)];
      const power = numeric(node, types, ts.SyntaxKind.AsteriskAsteriskToken);
      return power === undefined ? [] : [`${inBrackets(power.left)} ** (${text(power.right)} + 1)`];
    },
  },
  {
    name: 'mean',
    meaning: 'a sum for a mean',
    variants(node, types) {
      const quotient = numeric(node, types, ts.SyntaxKind.SlashToken);
      return quotient !== undefined && lengths.test(text(quotient.right)) ? [text(quotient.left)] : [];
    },
  },
  {
    name: 'epsilon',
    meaning: 'ε left out',
    variants(node, types) {
      const sum = numeric(node, types, ts.SyntaxKind.PlusToken);
      if (sum !== undefined && epsilons.test(text(sum.right))) return [text(sum.left)];
      const call = called(node, 'add', 'max');
      return call !== undefined && call.at.length === 2 && epsilons.test(text(call.at[1]))
        ? [text(call.at[0])]
        : [];
    },
  },
  {
    name: 'root',
    meaning: 'a square or a root left out, or one for the other',
    variants(node, types) {
      const call = called(node, 'sqrt', 'square');
      if (call !== undefined) return [text(call.at[0])];
      const power = numeric(node, types, ts.SyntaxKind.AsteriskAsteriskToken);
      return power !== undefined && text(power.right) === '2' ? [text(power.left)] : [];
    },
  },
  {
    name: 'clamp',
    meaning: 'max or min left out, |x| for max(0, x)',
    variants(node) {
      const call = called(node, 'max', 'min');
      if (call === undefined || call.at.length !== 2) return [];
      const [a, b] = call.at.map(text);
      const size =
        a === '0' && call.on === 'Math.' ? [`Math.abs(${b})`] : b === '0' ? [again(call.on, 'abs', a)] : [];
      // Of algebra the second may be a number where an array is wanted.
      return call.on === 'Math.' ? [a, b, ...size] : [a, ...size];
    },
  },
  {
    name: 'absolute',
    meaning: 'x for |x|',
    variants(node) {
      const call = called(node, 'abs');
      return call === undefined ? [] : [text(call.at[0])];
    },
  },
  {
    name: 'transpose',
    meaning: 'a transpose left out or too much, the order of a product',
    variants(node) {
      const call = called(node, 'transpose', 'matmul');
      if (call === undefined) return [];
      const [x, y, transposeX = 'false', transposeY = 'false'] = call.at.map(text);
      if (call.name === 'transpose') return [x];
      return [
        again(call.on, 'matmul', x, y, `!(${transposeX})`, transposeY),
        again(call.on, 'matmul', x, y, transposeX, `!(${transposeY})`),
        again(call.on, 'matmul', y, x, transposeX, transposeY),
      ];
    },
  },
  {
    name: 'bound',
    meaning: '≤ for <, and the other way',
    variants(node, types) {
      const compared = numeric(
        node,
        types,
        ts.SyntaxKind.LessThanToken,
        ts.SyntaxKind.LessThanEqualsToken,
        ts.SyntaxKind.GreaterThanToken,
        ts.SyntaxKind.GreaterThanEqualsToken,
      );
      if (compared === undefined || ts.isForStatement(compared.parent)) return [];
      const sign = text(compared.operatorToken);
      const other = sign.endsWith('=') ? sign[0] : `${sign}=`;
      return [`${text(compared.left)} ${other} ${text(compared.right)}`];
    },
  },
  {
    name: 'condition',
    meaning: 'a condition negated, or for and',
    variants(node) {
      const { parent } = node;
      const decides =
        (ts.isIfStatement(parent) && parent.expression === node) ||
        (ts.isConditionalExpression(parent) && parent.condition === node);
      const joined =
        ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
          ? [`${inBrackets(node.left)} || ${inBrackets(node.right)}`]
          : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarToken
            ? [`${inBrackets(node.left)} && ${inBrackets(node.right)}`]
            : [];
      return [...(decides ? [`!${inBrackets(node)}`] : []), ...joined];
    },
  },
  {
    name: 'range',
    meaning: 'a loop that leaves out its first or last',
    variants(node) {
      const { parent } = node;
      if (ts.isBinaryExpression(node) && ts.isForStatement(parent) && parent.condition === node)
        return text(node.operatorToken) === '<' ? [`${text(node.left)} < ${inBrackets(node.right)} - 1`] : [];
      const starts =
        ts.isNumericLiteral(node) &&
        node.text === '0' &&
        ts.isVariableDeclaration(parent) &&
        ts.isForStatement(parent.parent.parent);
      return starts ? ['1'] : [];
    },
  },
  {
    name: 'arguments',
    meaning: 'two arguments of one type exchanged',
    variants(node, types) {
      if (!ts.isCallExpression(node) || called(node, 'add', 'mul', 'max', 'min', 'dot', 'matmul', 'combine'))
        return [];
      const at = node.arguments;
      const names = at.map(text);
      return at.slice(1).flatMap((second, i) => {
        const plain = [at[i], second].every(
          (one) => ts.isIdentifier(one) || ts.isPropertyAccessExpression(one),
        );
        if (!plain || names[i] === names[i + 1] || !types.same(at[i], second)) return [];
        const swapped = [...names];
        [swapped[i], swapped[i + 1]] = [names[i + 1], names[i]];
        return [`${text(node.expression)}(${swapped.join(', ')})`];
      });
    },
  },
  {
    name: 'stale',
    meaning: 'what was, for what was made of it',
    variants(node, types) {
      const { parent } = node;
      if (!ts.isIdentifier(node) || ts.isVariableDeclaration(parent)) return [];
      const made = constant(node);
      if (made?.initializer === undefined || made.getEnd() > node.getStart()) return [];
      const found = new Set<string>();
      const look = (part: ts.Node): void => {
        if (ts.isArrowFunction(part) || ts.isFunctionExpression(part)) return;
        const named =
          ts.isIdentifier(part) || (ts.isPropertyAccessExpression(part) && ts.isIdentifier(part.expression));
        const callee = ts.isCallExpression(part.parent) && part.parent.expression === part;
        if (named && !callee && part !== made.initializer && types.same(part, node)) found.add(text(part));
        else if (!named) ts.forEachChild(part, look);
      };
      look(made.initializer);
      return [...found].slice(0, 1);
    },
  },
];

/** The `const` in an enclosing block that an identifier names, where one block encloses both. */
function constant(name: ts.Identifier): ts.VariableDeclaration | undefined {
  for (let at: ts.Node = name; at.parent !== undefined; at = at.parent) {
    if (!ts.isBlock(at.parent)) continue;
    for (const statement of at.parent.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const one of statement.declarationList.declarations)
        if (ts.isIdentifier(one.name) && one.name.text === name.text) return one;
    }
    if (ts.isFunctionLike(at.parent.parent)) {
      const shadowed = at.parent.parent.parameters.some(({ name: given }) => text(given) === name.text);
      if (shadowed) return undefined;
    }
  }
  return undefined;
}
