/** Which list is meant for whom, and for which stage, by names alone: only where a name clearly means it, and only one does. Pure. */
import type { AccountSurvey, NamedLists, SettingsSuggestion } from './shapes.ts'

type Lists = AccountSurvey['brevo']['lists']
type Role = keyof NamedLists

/** Words that say nothing by themselves. */
const filler = words(
  'all our the my list lists from in of alle unsere liste listen pipedrive 목록 리스트 전체',
)
const customer = words('customer customers client clients kunde kunden 고객')
const contact = words('contact contacts kontakt kontakte newsletter 연락처 뉴스레터')

/** In this order: `lost customers` are no customers. */
const roles: readonly { role: Role; means: ReadonlySet<string>; beside: ReadonlySet<string> }[] = [
  {
    role: 'churned',
    means: words('churned churn lost former ehemalige verloren verlorene abgewanderte 이탈'),
    beside: customer,
  },
  {
    role: 'qualifiedLeads',
    means: words('lead leads qualified qualifizierte interessenten 리드'),
    beside: words('sales 유망'),
  },
  { role: 'customers', means: customer, beside: new Set() },
  { role: 'allContacts', means: contact, beside: words('subscribers empfänger 구독자') },
]

export function suggestLists(lists: Lists): NamedLists {
  const only = (role: Role): number | null => {
    const meant = lists.filter(({ name }) => roleOf(name) === role)
    return meant.length === 1 ? (meant[0]?.id ?? null) : null
  }
  return {
    allContacts: only('allContacts'),
    qualifiedLeads: only('qualifiedLeads'),
    customers: only('customers'),
    churned: only('churned'),
  }
}

/** A list that is named as exactly one stage is, and has no meaning yet. */
export function suggestStageLists(
  lists: Lists,
  pipelines: AccountSurvey['pipedrive']['pipelines'],
  named: NamedLists,
): SettingsSuggestion['stageLists'] {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages)
  const free = lists.filter(({ id }) => !Object.values(named).includes(id))
  return stages.flatMap(({ id, name }) => {
    const same = free.filter((list) => isSame(list.name, name))
    const alone = stages.filter((stage) => isSame(stage.name, name)).length === 1
    return alone && same.length === 1 && same[0] ? [{ stage: String(id), listId: same[0].id }] : []
  })
}

function roleOf(name: string): Role | null {
  // Korean puts these words together without a space.
  const spaced = name.replace(/고객|이탈|리드|전체|연락처|뉴스레터|목록|리스트|구독자|유망/g, ' $& ')
  const said = [...words(spaced.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' '))]
  const all = said.length === 1 && (said[0] === 'all' || said[0] === '전체')
  if (all) return 'allContacts'
  const meant = roles.find(
    ({ means, beside }) =>
      said.some((word) => means.has(word)) &&
      said.every((word) => means.has(word) || beside.has(word) || filler.has(word)),
  )
  return meant?.role ?? null
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' ').filter((word) => word !== ''))
}
