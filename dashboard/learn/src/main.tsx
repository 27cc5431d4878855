import { effect } from '@preact/signals';
import { render } from 'preact';
import '../../page/src/style/theme.js';
import '../../page/src/style/base.css';
import './style/layout.css';
import './style/picture.css';
import './style/transport.css';
import './style/side.css';
import { App } from './view/app.js';
import { study } from './view/state.js';
import { onKey } from './view/transport.js';

effect(() => {
  document.title = `${study.value.lesson.title} · Fluxion learn`;
});
addEventListener('keydown', onKey);
render(<App />, document.getElementById('page')!);
