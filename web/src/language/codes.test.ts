/** The words for error codes: in Korean one for whatever may reach the page, read from the source. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codesInUse } from '../../../test/support/error-codes.ts'
import { codes as en } from './en/codes.ts'
import { codes as ko } from './ko/codes.ts'

const root = join(import.meta.dirname, '../../..')

/** What only a terminal, a program or another process of the server is told. */
const ELSEWHERE = /^src\/(?:cli|sdk|mcp|service\/doorway)\/|^src\/store\/transfer\.ts$/

/** Skips and warnings are no errors: their names stand in the accounting. */
function skipsAndWarnings(): string[] {
  const [, section = ''] = readFileSync(join(root, 'docs/errors.md'), 'utf8').split('## Skips and warnings')
  const names = [...section.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) => cell.split(', '))
  return names.map((name) => name.replaceAll('`', ''))
}

test('every code that may reach the page is told in Korean: what happened, and what to do', () => {
  const reaching = [...codesInUse((path) => !ELSEWHERE.test(path)).keys(), ...skipsAndWarnings()]
  expect(reaching.length).toBeGreaterThan(130)
  expect(reaching).toContain('brevo_rejected')
  expect(reaching).toContain('sms_taken')
  expect(reaching.filter((code) => !ko[code]?.cause || !ko[code].remedy)).toEqual([])
})

test('the Korean words are Korean sentences', () => {
  for (const { cause, remedy } of Object.values(ko)) {
    expect(cause).toMatch(/[가-힣].*\.$/)
    expect(remedy).toMatch(/[가-힣].*\.$/)
  }
})

test('nothing is told of codes that are not there any more', () => {
  const documented = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  const all = [...Object.keys(en), ...Object.keys(ko)]
  expect(all.filter((code) => !documented.includes(`\`${code}\``))).toEqual([])
})

test('the English names are there beside the server’s own words', () => {
  for (const { cause, remedy } of Object.values(en)) {
    expect(cause.trim()).not.toBe('')
    expect(remedy).toBeNull()
  }
})
