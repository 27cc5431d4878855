import { defineConfig } from 'vite';

/**
 * One script and one style sheet beside a page written by hand: a browser refuses modules from a folder on disk, and
 * the page must open there too. Nothing is inlined, for the Content-Security-Policy of `script-src 'self'`.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../../dist/dashboard/learn',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rollupOptions: {
      input: 'src/main.tsx',
      output: { format: 'iife', entryFileNames: 'learn.js', assetFileNames: 'learn[extname]' },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
