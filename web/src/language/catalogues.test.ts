import { expect, test } from 'vitest'
import { messages as en } from './en.ts'
import { messages as ko } from './ko.ts'
import { chooseLanguage } from './language.ts'

function texts(catalogue: object, path = ''): [string, string][] {
  return Object.entries(catalogue).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : texts(value as object, `${path}${key}.`),
  )
}

const placesOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()
/** Korean has one form for all numbers. */
const english = texts(en).filter(([key]) => !key.endsWith('_one'))
const korean = new Map(texts(ko))

test('both catalogues have the same keys', () => {
  expect([...korean.keys()].sort()).toEqual(english.map(([key]) => key).sort())
})

test.each(english)('%s says something in both, and names the same values', (key, text) => {
  const translated = korean.get(key) ?? ''
  expect(text.trim()).not.toBe('')
  expect(translated.trim()).not.toBe('')
  expect(placesOf(translated)).toEqual(placesOf(text))
})

test('a number has both of its English forms', () => {
  const keys = texts(en).map(([key]) => key)
  const stems = (suffix: string) =>
    keys.filter((key) => key.endsWith(suffix)).map((key) => key.slice(0, -suffix.length))
  expect(stems('_one')).toEqual(stems('_other'))
})

test('the language is the one chosen before, else the browser’s first that there is, else English', () => {
  expect(chooseLanguage('ko', ['en-GB'])).toBe('ko')
  expect(chooseLanguage(null, ['de-DE', 'ko-KR', 'en'])).toBe('ko')
  expect(chooseLanguage(null, ['fr'])).toBe('en')
  expect(chooseLanguage('klingon', ['en-US', 'ko'])).toBe('en')
})
