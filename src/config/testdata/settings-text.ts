/** For tests: texts of settings in many ways of writing, with a comment on nearly everything, and drafts of them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are what is tested
import fc from 'fast-check'
import type { SettingsDraft } from '../edit/settings-draft.ts'

/** `fresh` gives a comment that no other place of the text has. */
type Pen = {
  readonly indent: string
  readonly isInBraces: boolean
  readonly pick: (choices: number) => number
  readonly fresh: () => string
}
type Write = (pen: Pen) => string

/** A text with the connection in it that is edited. */
export type Sample = {
  readonly text: string
  readonly connection: string | null
}

export const VARIABLES = { LIST: '70', TARGET: 'FROM_VARIABLE', COUNTRY: 'SE', FLAG: 'false', TOKEN: 'x1' }

const SOURCES = [
  'name',
  'first_name',
  'phone',
  'org_id.name',
  'custom_fields.industry',
  'custom_fields.Größe: cm',
  'a/b',
  '3',
  'true',
  "it's",
]
const TARGETS = ['NAME', 'FIRSTNAME', 'SMS', 'COMPANY', 'INDUSTRY', 'NO', 'X_1', 'LTV', 'TRUE', 'OPEN']
const STAGES = ['1', '2', '33', 'won', 'lost', 'Sales/Proposal made', 'Sales: "EU"/Won # 1', 'A / B']
const COUNTRIES = ['KR', 'DE', 'NO', 'SE']

const listId = fc.integer({ min: 1, max: 99 })

const rows = fc
  .tuple(
    fc.shuffledSubarray(SOURCES),
    fc.shuffledSubarray(TARGETS, { minLength: TARGETS.length }),
    fc.boolean(),
    fc.nat(9),
  )
  .map(([sources, targets, hasIdentity, at]) => {
    const all = sources.map((source, index) => ({ source, target: targets[index] ?? 'REST' }))
    return hasIdentity ? all.toSpliced(at, 0, { source: 'email', target: 'email' }) : all
  })

const stageRows = fc
  .tuple(
    fc.shuffledSubarray(STAGES),
    fc.array(listId, { minLength: STAGES.length, maxLength: STAGES.length }),
  )
  .map(([stages, ids]) => stages.map((stage, index) => ({ stage, listId: ids[index] ?? 1 })))

const sync = fc.record({
  persons: fc.boolean(),
  deals: fc.boolean(),
  organizations: fc.boolean(),
  activities: fc.boolean(),
  leads: fc.boolean(),
})

const lists = fc.record({
  allContacts: fc.option(listId),
  qualifiedLeads: fc.option(listId),
  customers: fc.option(listId),
  churned: fc.option(listId),
})

export const drafts: fc.Arbitrary<SettingsDraft> = fc.record({
  personMapping: rows.map((all) =>
    all.some(({ source }) => source === 'email') ? all : [{ source: 'email', target: 'email' }, ...all],
  ),
  sync,
  lists,
  stageLists: stageRows,
  defaultCountry: fc.option(fc.constantFrom(...COUNTRIES)),
  bothWays: fc.boolean(),
})

/** A draft that takes each part from one of two: what an edit of a part looks like. */
export function mixed(one: SettingsDraft, other: SettingsDraft, takes: readonly boolean[]): SettingsDraft {
  const part = <K extends keyof SettingsDraft>(key: K, at: number): SettingsDraft[K] =>
    (takes[at] ? other : one)[key]
  return {
    personMapping: part('personMapping', 0),
    sync: part('sync', 1),
    lists: part('lists', 2),
    stageLists: part('stageLists', 3),
    defaultCountry: part('defaultCountry', 4),
    bothWays: part('bothWays', 5),
  }
}

export const samples: fc.Arbitrary<Sample> = fc
  .record({
    own: drafts,
    common: drafts,
    has: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
    dice: fc.array(fc.nat(11), { minLength: 150, maxLength: 150 }),
    isCarriageReturned: fc.boolean(),
    isConnections: fc.boolean(),
    isOpenEnded: fc.boolean(),
  })
  .map(({ own, common, has, dice, isCarriageReturned, isConnections, isOpenEnded }) => {
    let [count, thrown] = [0, 0]
    const pick = (choices: number): number => (dice[thrown++ % dice.length] ?? 0) % choices
    const pen: Pen = { indent: '', isInBraces: false, pick, fresh: () => `c${++count}` }
    const text = isConnections
      ? connectionsText(pen, own, common, has)
      : entriesText(settingsEntries(own, has.slice(0, 12), pick))({ ...pen })
    const ended = isOpenEnded ? text.replace(/\n+$/, '') : text
    return {
      text: isCarriageReturned ? ended.replaceAll('\n', '\r\n') : ended,
      connection: isConnections ? 'seoul' : null,
    }
  })

type Entries = readonly (readonly [string, string | Write])[]

function connectionsText(
  pen: Pen,
  own: SettingsDraft,
  common: SettingsDraft,
  has: readonly boolean[],
): string {
  const seoul = settingsEntries(own, has.slice(0, 12), pen.pick)
  const shared = settingsEntries(common, has.slice(12), pen.pick)
  const berlin: Entries = [['deal_stage_mapping', block([['won', '5']])]]
  const connections = block([
    ['berlin', block(berlin)],
    ['seoul', seoul.length === 0 ? '' : block(seoul)],
  ])
  return entriesText([...shared, ['connections', connections]])(pen)
}

function settingsEntries(draft: SettingsDraft, has: readonly boolean[], pick: Pen['pick']): Entries {
  const mapping: Entries[number][] = []
  const isHere = (at: number): boolean => has[at] === true
  if (isHere(0) && draft.personMapping.length > 0)
    mapping.push([
      isHere(6) ? 'field_mapping' : 'person_mapping',
      block(
        draft.personMapping
          .filter(({ source }) => source !== 'email' || isHere(7) || draft.personMapping.length === 1)
          .map(({ source, target }) => [
            quoted(source),
            source === 'email'
              ? pickOf(pick, ['email', 'EMAIL', '"Email"'])
              : pickOf(pick, [
                  target === 'TRUE' ? '"TRUE"' : target,
                  `"${target}"`,
                  `'${target.toLowerCase()}'`,
                ]),
          ]),
      ),
    ])
  if (isHere(1))
    mapping.push([
      'deal_stage_mapping',
      block(
        draft.stageLists.map(({ stage, listId: id }) => [
          quoted(stage),
          pickOf(pick, [`${id}`, `${id}`, '"${LIST}"']),
        ]),
      ),
    ])
  const inside: Entries[number][] = [['api_token', '"${TOKEN}"']]
  if (isHere(2))
    inside.push([
      'sync',
      block(
        Object.entries(draft.sync)
          .filter(() => pick(3) > 0)
          .map(([key, value]) => [key, pickOf(pick, [`${value}`, `${value}`, '"${FLAG}"'])]),
      ),
    ])
  if (isHere(3))
    inside.push([
      'lists',
      block(
        [
          ['all_contacts', draft.lists.allContacts],
          ['qualified_leads', draft.lists.qualifiedLeads],
          ['customers', draft.lists.customers],
          ['churned', draft.lists.churned],
        ].flatMap(([key, id]) =>
          id === null ? (pick(4) === 0 ? [[`${key}`, ''] as const] : []) : [[`${key}`, `${id}`] as const],
        ),
      ),
    ])
  if (isHere(4))
    inside.push([
      'default_country',
      pickOf(pick, ['"${COUNTRY}"', draft.defaultCountry ?? '', `"${draft.defaultCountry ?? 'KR'}"`]),
    ])
  const entries: Entries[number][] = []
  if (isHere(8)) inside.push(...mapping.splice(0, 1 + pick(2)))
  if (isHere(9)) entries.push(['connectors', block([['pipedrive', block(inside)]])])
  if (isHere(10))
    entries.push([
      'brevo',
      block([
        ['api_key', 'k-1'],
        ['api_key_name', '"Tajo # 1"'],
      ]),
    ])
  entries.push(...mapping)
  if (isHere(11))
    entries.push([
      'reverse_sync',
      block([['conflict', 'brevo'], ...(isHere(5) ? [['enabled', `${draft.bothWays}`] as const] : [])]),
    ])
  return entries
}

function pickOf(pick: Pen['pick'], choices: readonly string[]): string {
  return choices[pick(choices.length)] ?? ''
}

function quoted(key: string): string {
  return /^[\w./]+$/.test(key) ? key : JSON.stringify(key)
}

/** Entries as a block, in braces on one line, or in braces on several. */
function block(entries: Entries): Write {
  return (pen) => {
    const style = pen.pick(4)
    if (entries.length === 0) return [' {}', '', ' { }', ' ~'][pen.pick(4)] ?? ''
    if (pen.isInBraces || style === 0) {
      const inner = { ...pen, isInBraces: true }
      return ` {${entries.map(([key, value]) => ` ${key}:${valueText(value, inner)}`).join(',')} }`
    }
    if (style === 1) {
      const inner = { ...pen, isInBraces: true }
      const lines = entries.map(([key, value], at) => {
        const above = pen.pick(3) === 0 ? `\n${pen.indent}  # ${pen.fresh()}` : ''
        const comma = at < entries.length - 1 || pen.pick(2) === 0 ? ',' : ''
        return `${above}\n${pen.indent}  ${key}:${valueText(value, inner)}${comma}${pen.pick(2) === 0 ? ` # ${pen.fresh()} of ${key}` : ''}`
      })
      return ` {${pen.pick(3) === 0 ? ` # ${pen.fresh()}` : ''}${lines.join('')}\n${pen.indent}}`
    }
    return `${pen.pick(3) === 0 ? ` # ${pen.fresh()}` : ''}\n${entriesText(entries)({ ...pen, indent: `${pen.indent}${pen.pick(2) === 0 ? '  ' : '    '}` })}`
  }
}

function entriesText(entries: Entries): Write {
  return (pen) => {
    const lines = entries.map(([key, value]) => {
      const above = ['', '', `${pen.indent}# ${pen.fresh()}\n`, '\n'][pen.pick(4)] ?? ''
      const written = valueText(value, pen)
      const isBroken = written.includes('\n')
      const behind = !isBroken && pen.pick(2) === 0 ? `  # ${pen.fresh()} of ${key}` : ''
      return `${above}${pen.indent}${key}:${written}${behind}${written.endsWith('\n') ? '' : '\n'}`
    })
    return lines.join('') + (pen.pick(4) === 0 ? `${pen.indent}# ${pen.fresh()}\n` : '')
  }
}

function valueText(value: string | Write, pen: Pen): string {
  if (typeof value !== 'string') return value(pen)
  return value === '' ? '' : ` ${value}`
}
