import { render } from 'preact';
import './style/theme.js';
import './style/base.css';
import './style/header.css';
import './style/toolbar.css';
import './style/panels.css';
import './style/landscape.css';
import './style/slices.css';
import './style/tables.css';
import './style/pipelines.css';
import './style/runs.css';
import { asked } from './live/addresses.js';
import { showView, viewText } from './view/address.js';
import { App } from './view/app.js';
import { connectToRun } from './view/connect-run.js';
import { connectToRuns } from './view/connect-runs.js';
import { followFragment } from './view/fragment.js';
import { runsText, showRuns } from './view/runs-address.js';
import { RunsView } from './view/runs-view.js';

const page = new URL(location.href);
const what = asked(page, document.documentElement.dataset.first);
if (what.view === 'runs') {
  connectToRuns(page);
  followFragment(runsText, showRuns);
} else {
  connectToRun(page, what.run, what.others);
  followFragment(viewText, showView);
}

render(what.view === 'runs' ? <RunsView /> : <App />, document.getElementById('page')!);
