import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { messages as en } from '../language/en.ts'
import { toReason } from './list-reason.ts'

const source = readFileSync(join(import.meta.dirname, '../../../src/sync/projection/lists.ts'), 'utf8')

test('every reason that the server gives has its words', () => {
  const [, body = ''] = source.split('export function listReasons')
  const reasons = [...(body.split('\n}\n')[0] ?? '').matchAll(/add\([^'`]+?, ['`](.+?)['`]\)/g)].map(
    ([, text = '']) => text.replace(/\$\{deal\.id\}/, '12').replace(/\$\{deal\.stageId\}/, '3'),
  )
  expect(reasons).toContain('open deal 12 is in stage 3')
  expect(reasons.map((because) => toReason(because).key.replace('contacts.reasons.', '')).sort()).toEqual(
    Object.keys(en.contacts.reasons).sort(),
  )
})

test('what a reason names is filled in', () => {
  expect(toReason('open deal 12 is in stage 3')).toEqual({
    key: 'contacts.reasons.open_deal_a_is_in_stage_b',
    values: { a: '12', b: '3' },
  })
})
