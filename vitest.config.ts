import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'test/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'journeys',
          include: ['test/{journeys,contract,store}/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
    reporters: ['default', './scripts/tally-reporter.ts'],
    maxWorkers: 2,
  },
})
