/** Words that the server says in one, such as actions and kinds of records: each has its own here, read from the source. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { messages as en } from './en.ts'

const source = (path: string): string => readFileSync(join(import.meta.dirname, '../../../src', path), 'utf8')

/** The members of a union of words. */
function wordsOf(path: string, type: string): string[] {
  const [, union = ''] = new RegExp(`type ${type} =([^=\\n]*(?:\\n  \\|[^\\n]*)*)`).exec(source(path)) ?? []
  return [...union.matchAll(/'(\w+)'/g)].map(([, word = '']) => word)
}

test.each([
  ['store/outbox-table.ts', 'OutboxAction', en.overview.result.actions],
  ['sync/model/change.ts', 'ChangeAction', en.contacts.events.actions],
  ['sync/model/change.ts', 'DealAction', en.contacts.events.actions],
  ['sync/model/contact.ts', 'WarningCode', en.overview.warnings],
] as const)('%s: every %s has its words', (path, type, words) => {
  const said = wordsOf(path, type)
  expect(said.length).toBeGreaterThan(2)
  expect(said.filter((word) => !(word in words))).toEqual([])
})

test('every kind of record that can fail has a name', () => {
  const records = [...source('sync/model/records.ts').matchAll(/readonly entity: '(\w+)'/g)].map((m) => m[1])
  expect(records).toContain('activity')
  const kinds = ['contact', 'company', 'event', 'webhook', 'person_edit', 'new_person', 'skill_run']
  expect([...records, ...kinds].filter((kind) => !((kind ?? '') in en.failures.entity))).toEqual([])
})
