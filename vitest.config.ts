import { defineConfig } from 'vitest/config'

// Time-outs end what hangs. How long a thing takes is no part of any test, and machines may be slow and busy.

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
      {
        // The examples import the package by its name.
        resolve: { alias: { '@tajo/sdk': new URL('src/sdk/index.ts', import.meta.url).pathname } },
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          globalSetup: ['test/page/set-up.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/{journeys,contract,store}/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
    reporters: ['default', './scripts/tally-reporter.ts'],
    maxWorkers: 3,
  },
})
