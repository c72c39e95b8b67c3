/** The page's wall: of the product it knows what is said over the wire, and only as types. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', 'web', 'src')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const)

test.each(files)('%s imports types of the wire and nothing else of the product', (_, text) => {
  const outside = [...text.matchAll(/^import ([^']*?)from '((?:\.\.\/)+src\/[^']*)'/gms)]
  for (const [, what = '', from = ''] of outside) {
    expect(from).toMatch(/^(\.\.\/)+src\/wire\/index\.ts$/)
    expect(what).toMatch(/^type /)
  }
})

test.each(files)('%s has at most 300 lines', (path, text) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(path.endsWith('.test.ts') ? 600 : 300)
})
