/** The lines that an edit changes, and what is never shown of them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffSettings } from './diff-settings.ts'

function shown(before: string, after: string): readonly string[] {
  const signs = { same: ' ', added: '+', removed: '-' }
  return diffSettings(before, after).map(({ kind, line, text }) => `${line}${signs[kind]}${text}`)
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('')

describe('changed lines', () => {
  test('come with two lines around them, removed before added, with the numbers of their text', () => {
    const before = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')
    expect(shown(before, before.replace('d\n', 'D\nDD\n').replace('i\n', ''))).toEqual([
      '2 b',
      '3 c',
      '4-d',
      '4+D',
      '5+DD',
      '6 e',
      '7 f',
      '8 g',
      '9 h',
      '9-i',
    ])
  })

  test('of a text that is new are all of its lines, and of equal ones none', () => {
    expect(shown('', 'a: 1\nb: 2\n')).toEqual(['1+a: 1', '2+b: 2'])
    expect(shown('a: 1\r\nb: 2', 'a: 1\nb: 2\n')).toEqual([])
  })

  test('lead from the one text to the other', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const diff = diffSettings(lines(...before), lines(...after))
        const removed = diff.filter(({ kind }) => kind === 'removed')
        const added = diff.filter(({ kind }) => kind === 'added')
        const rest = before.filter((_, at) => !removed.some(({ line }) => line === at + 1))
        const kept = after.filter((_, at) => !added.some(({ line }) => line === at + 1))
        expect(kept).toEqual(rest)
        for (const { line, text } of added) expect(after[line - 1]).toBe(text)
        for (const { line, text } of removed) expect(before[line - 1]).toBe(text)
      }),
    )
  })
})

describe('credentials', () => {
  const SECRET = 'hunter2'

  test.each([
    `brevo:\n  api_key: ${SECRET} # ours\n`,
    `brevo: { api_key: "${SECRET}", api_key_name: Tajo }\n`,
    `brevo:\n  api_key:\n    ${SECRET}\n`,
    `brevo:\n  api_key: >-\n    ${SECRET}\n`,
    `brevo:\n  oauth: {\n    client_id: "${SECRET}", client_secret:\n      "${SECRET}" }\n`,
    `brevo:\n  api_key: "\${KEY:-${SECRET}}"\n`,
    `# api_token: ${SECRET}\nbrevo: {}\n`,
    `reverse_sync: { consent_field: &x ${SECRET} }\nbrevo: { api_key: *x }\n`,
    `brevo:\n  api_key: ${SECRET}\n  api_url: [\n`,
    `"api_token": '${SECRET}'\n`,
    `password: [ ${SECRET}, { a: ${SECRET} } ]\n`,
  ])('are masked in %j', (text) => {
    const all = [...diffSettings('', text), ...diffSettings(text, '')].map((line) => line.text)
    expect(all.join('\n')).not.toContain(SECRET)
    expect(all.join('\n')).toContain('***')
  })

  test('leave what stands beside them to be seen', () => {
    expect(shown('', `brevo: { api_key: ${SECRET}, api_key_name: Tajo } # note\n`)).toEqual([
      '1+brevo: { api_key: ***, api_key_name: Tajo } # note',
    ])
  })

  test('what looks like one is masked, but for keys of fields and rows of mappings', () => {
    const token = '9dc80c50d78a15643bfc4ca79d76156a73a1ca0e'
    const text = `# ${token}\nperson_mapping:\n  custom_fields.${token}: A_VERY_LONG_NAME_OF_AN_ATTRIBUTE # ${token}\nreverse_sync:\n  consent_field: ${token}\n`
    expect(shown('', text)).toEqual([
      '1+# ***',
      '2+person_mapping:',
      `3+  custom_fields.${token}: A_VERY_LONG_NAME_OF_AN_ATTRIBUTE # ***`,
      '4+reverse_sync:',
      '5+  consent_field: ***',
    ])
  })
})
