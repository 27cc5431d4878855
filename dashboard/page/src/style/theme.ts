import { computed, effect, signal } from '@preact/signals';
import type { Theme } from '../../../plot/colours.js';

export type ThemeChoice = Theme | 'auto';

/** Where the choice is kept, for all pages of this browser. */
const remembered = 'fluxion.theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(prefersDark.matches);
prefersDark.addEventListener('change', ({ matches }) => {
  systemDark.value = matches;
});

export const themeChoice = signal<ThemeChoice>(recall());
/** The colours that are shown: those chosen, else the system's. */
export const theme = computed<Theme>(() =>
  themeChoice.value === 'auto' ? (systemDark.value ? 'dark' : 'light') : themeChoice.value,
);
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  try {
    localStorage.setItem(remembered, choice);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function recall(): ThemeChoice {
  try {
    const choice = localStorage.getItem(remembered);
    return choice === 'light' || choice === 'dark' ? choice : 'auto';
  } catch {
    return 'auto';
  }
}
