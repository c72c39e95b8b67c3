/** Laws of templates: a look-up keeps types, looks nowhere but in the facts, and runs nothing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lookUp, render, templateProblems } from './template.ts'

const facts = { deal: { title: 'Roof', value: 7000, open: true, labels: ['a', 'b'] }, nothing: null }

describe('a template', () => {
  test.each([
    ['{{ deal.title }}', 'Roof'],
    ['{{deal.value}}', 7000],
    [' {{ deal.open }} ', true],
    ['{{ deal.labels }}', ['a', 'b']],
    ['{{ deal.lost }}', undefined],
    ['{{ nothing }}', undefined],
    ['Deal {{ deal.title }} of {{ deal.value }}', 'Deal Roof of 7000'],
    ['{{ deal.title }}{{ deal.lost }}', 'Roof'],
    ['Labels: {{ deal.labels }}', 'Labels: a, b'],
    ['{{ constructor }}', undefined],
    ['{{ deal.__proto__ }}', undefined],
    ['{{ deal.title.length }}', undefined],
  ])('%j becomes %j', (text, value) => {
    expect(render(text, facts)).toEqual(value)
  })

  test('in a block leaves out what is not there', () => {
    expect(render({ a: '{{ deal.value }}', b: '{{ deal.lost }}', c: ['{{ deal.lost }}', 1] }, facts)).toEqual(
      {
        a: 7000,
        c: [1],
      },
    )
  })

  test('that is a whole value keeps its type and value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(render('{{ x }}', { x: value })).toEqual(value ?? undefined)
      }),
    )
  })

  test('never looks into what it has put in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(render('a {{ x }} b', { x: `{{ y }}${text}`, y: 'secret' })).toBe(`a {{ y }}${text} b`)
      }),
    )
  })

  test('finds own properties only, for every path there is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((key) => !key.includes('.')),
        (key) => {
          expect(lookUp({ [key]: 1 }, key)).toBe(1)
          expect(lookUp({}, key)).toBeUndefined()
        },
      ),
    )
  })

  test.each(['{{ a }', 'a }}', '{{ a + b }}', '{{ f() }}', '{{ }}', '{{ a..b }}', "{{ a['b'] }}"])(
    '%j is refused',
    (text) => {
      expect(templateProblems(text)).toHaveLength(1)
    },
  )
})
