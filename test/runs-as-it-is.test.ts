/** Node runs the sources by dropping their types, and its reader is stricter than the one that tests go through. */
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

test('Node itself can drop the types of every source', () => {
  const refused: string[] = []
  for (const folder of ['src', 'test', 'scripts', 'bench', 'examples']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts') || entry.parentPath.includes('node_modules'))
        continue
      const path = join(entry.parentPath, entry.name)
      try {
        stripTypeScriptTypes(readFileSync(path, 'utf8'))
      } catch (error) {
        refused.push(`${path.slice(root.length + 1)}: ${(error as Error).message}`)
      }
    }
  }
  expect(refused).toEqual([])
})
