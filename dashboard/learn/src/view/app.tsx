import { chooseTheme, theme } from '../../../page/src/style/theme.js';
import { FunctionChoice } from './function-choice.js';
import { LessonList, LessonText } from './lesson-list.js';
import { Line } from './line.js';
import { Methods } from './methods.js';
import { Plane } from './plane.js';
import { Shows, Signs, Zoom } from './shows.js';
import { faults, subject } from './state.js';
import { Strip } from './strip.js';
import { StepTold } from './told.js';
import { Transport } from './transport.js';

export function App() {
  return (
    <>
      <header class="page-head">
        <h1>
          Fluxion <span class="soft">learn</span>
        </h1>
        <button
          type="button"
          class="theme"
          onClick={() => chooseTheme(theme.value === 'dark' ? 'light' : 'dark')}
        >
          {theme.value === 'dark' ? 'Light' : 'Dark'}
        </button>
      </header>
      {faults.value.length > 0 && (
        <div class="notice" role="alert">
          {faults.value.map((one) => (
            <p key={one}>{one}</p>
          ))}
        </div>
      )}
      <div class="layout">
        <LessonList />
        <main class="stage">
          <LessonText />
          <div class="board">
            {subject.value.n === 1 ? <Line /> : <Plane />}
            <Zoom />
            <Transport />
            <Shows />
            <Signs />
          </div>
          <Strip />
        </main>
        <aside class="side" aria-label="The step and what it is made of">
          <StepTold />
          <Methods />
          <FunctionChoice />
        </aside>
      </div>
    </>
  );
}
