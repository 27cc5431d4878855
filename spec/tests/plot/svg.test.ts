import { expect, test } from 'vitest';
import { linearAxis, linearTicks, logAxis, plainNumber, powerOfTen } from '../../../dashboard/plot/axis.js';
import { lineThrough, simplified } from '../../../dashboard/plot/polyline.js';
import { element, escaped, fitted, typeset } from '../../../dashboard/plot/svg.js';

test('nothing in a text can become markup, and nothing XML forbids gets through', () => {
  expect(escaped(`<script>alert("1" & '2')</script>`)).toBe(
    '&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;',
  );
  expect(escaped('a\u0000b\u001bc\uffffd\ud800e😀')).toBe('a�b�c�d�e😀');
  expect(element('a', { b: '"><x y="', c: undefined, d: 1.5 })).toBe(
    '<a b="&quot;&gt;&lt;x y=&quot;" d="1.5"/>',
  );
});

test('raised and lowered digits are set by shifts, and the line goes on where it was', () => {
  expect(typeset('10⁻³ m')).toBe(
    '10<tspan dy="-.43em" font-size="75%">−3</tspan><tspan dy=".32em"> m</tspan>',
  );
  expect(typeset('x₁₂')).toBe('x<tspan dy=".27em" font-size="75%">12</tspan>');
  expect(typeset('a<b')).toBe('a&lt;b');
});

test('a long label is cut, a short one is not', () => {
  expect(fitted('newton', 12, 100)).toBe('newton');
  expect(fitted('x'.repeat(80), 12, 100)).toMatch(/^x{10,15}…$/);
});

test('numbers read as written by hand', () => {
  expect(
    [0, -0.25, 3, 1e5, -2.5e7, 1e-4, 12345, Number.NaN, -Infinity].map((value) => plainNumber(value)),
  ).toEqual(['0', '−0.25', '3', '10⁵', '−2.5×10⁷', '10⁻⁴', '12345', 'NaN', '−∞']);
  expect(powerOfTen(-1e-12)).toBe('−10⁻¹²');
});

test('ticks of a linear axis are round, few and inside', () => {
  expect(linearTicks(-0.95, 0.62, 6).map(({ text }) => text)).toEqual(['−0.5', '0.0', '0.5']);
  expect(linearTicks(0, 60, 7).map(({ text }) => text)).toEqual(['0', '10', '20', '30', '40', '50', '60']);
  expect(linearTicks(-2e9, 2e9, 5).map(({ text }) => text)).toEqual(['−2×10⁹', '−10⁹', '0', '10⁹', '2×10⁹']);
  expect(linearTicks(1e-8, 3e-8, 2).map(({ text }) => text)).toEqual(['10⁻⁸', '2×10⁻⁸', '3×10⁻⁸']);
});

test('axes put values where they belong', () => {
  const x = linearAxis(-1, 3, { from: 100, to: 500, perLabel: 50 });
  expect([-1, 0, 3, 5].map((value) => x.place(value))).toEqual([100, 200, 500, 700]);
  const y = logAxis(1e-4, 1, { from: 400, to: 0, perLabel: 20 });
  expect([1e-4, 1e-2, 1].map((value) => Math.round(y.place(value) + 50))).toEqual([450, 250, 50]);
  expect(y.place(0)).toBeNaN();
  expect(y.place(Number.NaN)).toBeNaN();
});

test('a line breaks at what is not finite, and is cut far outside without losing its direction', () => {
  expect(
    lineThrough([
      [0, 0],
      [1, 2],
      [Number.NaN, 3],
      [4, 5],
      [6, 7],
      [Infinity, 0],
    ]),
  ).toBe('M0,0L1,2M4,5L6,7');
  expect(lineThrough([[0, 0]])).toBe('');
  expect(
    lineThrough([
      [0, 0],
      [1e200, 1e200],
      [0, 5],
    ]),
  ).toMatch(/^M0,0L100000,100000/);
  expect(
    lineThrough([
      [-1e308, 1],
      [1e308, 1],
    ]),
  ).toBe('M-100000,1L100000,1');
});

test('simplifying keeps ends and corners, and strays no farther than told', () => {
  const circle = Array.from(
    { length: 361 },
    (_, k) => [100 * Math.cos((k * Math.PI) / 180), 100 * Math.sin((k * Math.PI) / 180)] as const,
  );
  circle[360] = circle[0];
  const few = simplified(circle, 0.1);
  expect(few.length).toBeLessThan(141); // twice as many as the best choice has
  expect(few.at(-1)).toEqual(few[0]);
  for (let k = 1; k < few.length; k++) {
    const middle = Math.hypot((few[k][0] + few[k - 1][0]) / 2, (few[k][1] + few[k - 1][1]) / 2);
    expect(100 - middle).toBeLessThanOrEqual(0.1 + 1e-9);
  }
  expect(
    simplified(
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [2, 2],
      ],
      0.1,
    ),
  ).toEqual([
    [0, 0],
    [2, 0],
    [2, 2],
  ]);
});
