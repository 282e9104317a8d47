import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const { menu } = JSON.parse(readFileSync(new URL('../pages/menu.json', import.meta.url), 'utf8'));

export default defineConfig({
  title: 'Longhaul',
  description: 'Moves data from Azure Blob Storage to S3, one verified object per unit, on Temporal',
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: 'node_modules/.cache/vitepress',
  // Opened from a folder as well as from a server.
  cleanUrls: false,
  // Templates of migration files are no expressions of Vue: its delimiters are characters that no page has.
  vue: { template: { compilerOptions: { delimiters: ['\uE000', '\uE001'] } } },
  themeConfig: {
    sidebar: menu,
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
