/** Builds the page into dist/web. Of the product it takes the table of operations, and of that only names, paths and scopes. */
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { operations } from '../src/wire/index.ts'

/** What the page needs to ask for an operation, without the shapes that the server checks with. */
function operationTable(): Plugin {
  const id = 'virtual:operations'
  const rows = Object.entries(operations).map(([name, { method, path, scope, ...more }]) => [
    name,
    { method, path, scope, ...('ofInstallation' in more && { ofInstallation: true }) },
  ])
  return {
    name: 'tajo-operations',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    load: (wanted) =>
      wanted === `\0${id}`
        ? `export const operations = ${JSON.stringify(Object.fromEntries(rows))}`
        : undefined,
  }
}

export default defineConfig(({ command }) => {
  // What is built is what others get: of whoever tests or develops, Vite would make a page for developers.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return {
    root: import.meta.dirname,
    base: './',
    plugins: [react(), operationTable()],
    build: {
      outDir: '../dist/web',
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      // The charts, which come when they are looked at; test/page holds what comes first.
      chunkSizeWarningLimit: 600,
    },
    server: { proxy: { '/api': 'http://127.0.0.1:8790' } },
  }
})
