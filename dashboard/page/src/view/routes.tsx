import type { MethodDescription } from '../../../record/events.js';

/** Which parameter gets which block of the curvature, and why. */
export function Routes({ routes }: { readonly routes: NonNullable<MethodDescription['routes']> }) {
  const blocks = routes.filter(({ block }) => block === 'kronecker').length;
  return (
    <details class="routes">
      <summary>
        {blocks} parameters in Kronecker blocks, {routes.length - blocks} in diagonal ones
      </summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">parameter</th>
              <th scope="col">block</th>
              <th scope="col">factors</th>
              <th scope="col">why</th>
            </tr>
          </thead>
          <tbody>
            {routes.map(({ path, block, sides, reason }) => (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td>{block}</td>
                <td>{sides?.map((side) => `${side}²`).join(' ⊗ ')}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
