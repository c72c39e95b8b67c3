/** Laws of writing a draft into a text, whatever way the text is written in. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSettingsText, type LoadedConnections } from '../load.ts'
import { drafts, mixed, type Sample, samples, VARIABLES } from '../testdata/settings-text.ts'
import { applyDraft } from './apply-draft.ts'
import { hasSameRest, isSameDraft } from './same-settings.ts'
import { type SettingsDraft, toDraft } from './settings-draft.ts'

const runs = { numRuns: 30 }

/** A text, and a draft that differs from its own in some parts. */
const edits = fc
  .record({ sample: samples, other: drafts, takes: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }) })
  .map(({ sample, other, takes }) => {
    const before = draftOf(sample.text, sample)
    return { sample, before, draft: mixed(before, other, takes) }
  })

function load(text: string): LoadedConnections {
  return checkSettingsText(text, { env: VARIABLES })
}

function nameOf({ connection }: Sample): string {
  return connection ?? 'default'
}

function draftOf(text: string, sample: Sample): SettingsDraft {
  const found = load(text).connections.get(nameOf(sample))
  if (found === undefined) throw new Error(`no connection ${nameOf(sample)}`)
  return toDraft(found.config)
}

function apply(text: string, { connection }: Sample, draft: SettingsDraft): string {
  return applyDraft(text, connection, draft, { variables: VARIABLES, blank: 'bare' })
}

/** The names of rows and settings that are in one draft and not in the other. */
function goneFrom(before: SettingsDraft, after: SettingsDraft): readonly string[] {
  const names = ({ personMapping, stageLists, lists, defaultCountry }: SettingsDraft): readonly string[] => [
    ...personMapping.map(({ source }) => `mapping ${source}`),
    ...stageLists.map(({ stage }) => `stage ${stage}`),
    ...(lists.allContacts === null ? [] : ['list all_contacts']),
    ...(lists.qualifiedLeads === null ? [] : ['list qualified_leads']),
    ...(lists.customers === null ? [] : ['list customers']),
    ...(lists.churned === null ? [] : ['list churned']),
    ...(defaultCountry === null ? [] : ['setting default_country']),
  ]
  const left = names(after)
  return names(before).flatMap((name) => (left.includes(name) ? [] : [name.slice(name.indexOf(' ') + 1)]))
}

function unquoted(key: string): string {
  return key.startsWith('"') ? JSON.parse(key) : key
}

test('a draft that changes nothing leaves every character as it is', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      expect(apply(sample.text, sample, draftOf(sample.text, sample))).toBe(sample.text)
    }),
    runs,
  )
})

test('what is written loads as the draft, and everything else as before', () => {
  fc.assert(
    fc.property(edits, ({ sample, draft }) => {
      const text = apply(sample.text, sample, draft)
      expect(draftOf(text, sample)).toEqual(draft)
      expect(hasSameRest(load(sample.text), load(text), nameOf(sample))).toBe(true)
    }),
    runs,
  )
})

test('comments stay where they are, those beside a row with their row, and go with it only', () => {
  fc.assert(
    fc.property(edits, ({ sample, before, draft }) => {
      const lines = apply(sample.text, sample, draft).split('\n')
      const gone = goneFrom(before, draft)
      for (const line of sample.text.split('\n')) {
        const [, code = '', comment, key] = /^(.*?)# (c\d+(?: of (.*?))?)\r?$/.exec(line) ?? []
        if (comment === undefined) continue
        const found = lines.filter((one) => one.trimEnd().endsWith(`# ${comment}`))
        if (found.length === 0 && key !== undefined && gone.includes(unquoted(key))) continue
        expect(found, comment).toHaveLength(1)
        if (code.trim() === '') expect(found[0]?.trim()).toBe(`# ${comment}`)
        else if (key !== undefined && code.trim() !== '')
          expect(found[0]?.trimStart().startsWith(code.trim().charAt(0))).toBe(true)
        if (key !== undefined && code.trimStart().startsWith(key))
          expect(found[0]?.trimStart().startsWith(key)).toBe(true)
      }
    }),
    runs,
  )
})

test('the lines of the text keep their way of ending', () => {
  fc.assert(
    fc.property(edits, ({ sample, draft }) => {
      const text = apply(sample.text, sample, draft)
      const isCarriageReturned = sample.text.includes('\r\n')
      if (isCarriageReturned || sample.text.includes('\n'))
        expect(/(^|[^\r])\n/.test(text)).toBe(!isCarriageReturned && text.includes('\n'))
    }),
    runs,
  )
})

test('the draft before, applied again, gives a text that loads as the first one', () => {
  fc.assert(
    fc.property(edits, ({ sample, before, draft }) => {
      const back = apply(apply(sample.text, sample, draft), sample, before)
      expect(isSameDraft(draftOf(back, sample), before)).toBe(true)
      expect(hasSameRest(load(sample.text), load(back), nameOf(sample))).toBe(true)
    }),
    runs,
  )
})
