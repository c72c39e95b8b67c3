/** Companies to Brevo's calls; expected refusals come back as outcomes. Links are only ever added and removed singly. */
import { TajoError } from '../../base/error.ts'
import type { BrevoClient } from '../../brevo/index.ts'
import type {
  AttributeType,
  AttributeValue,
  CompanyAttribute,
  CompanyFormat,
  WantedCompany,
} from '../model/index.ts'

export type CompanyOutcome =
  | { readonly kind: 'accepted' }
  /** Brevo has no such company any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: TajoError }

export type CreateOutcome =
  | { readonly kind: 'created'; readonly companyId: string }
  /** Brevo may have created it all the same: look before it is sent again. */
  | { readonly kind: 'uncertain'; readonly error: TajoError }
  | { readonly kind: 'failed'; readonly error: TajoError }

const newType: Readonly<Partial<Record<AttributeType, 'text' | 'number' | 'date' | 'boolean'>>> = {
  text: 'text',
  float: 'number',
  date: 'date',
  boolean: 'boolean',
}

/** Makes an attribute that companies lack. Its internal name has to be read afterwards. */
export async function createCompanyAttribute(
  brevo: BrevoClient,
  attribute: { readonly label: string; readonly type: AttributeType },
  signal?: AbortSignal,
): Promise<void> {
  const type = newType[attribute.type]
  if (type === undefined) throw new Error(`${attribute.label}: ${attribute.type} attributes are not created`)
  await brevo.companyAttributes.create(attribute.label, type, { lane: 'interactive', signal })
}

/** Throws what concerns the whole account (disposition `pause`) and spent limits. */
export async function createCompany(
  brevo: BrevoClient,
  format: CompanyFormat,
  wanted: WantedCompany,
  contactIds: readonly number[],
  signal?: AbortSignal,
): Promise<CreateOutcome> {
  const company = {
    name: wanted.name,
    attributes: toValues(format, wanted, []),
    ...(contactIds.length > 0 ? { linkedContactsIds: contactIds } : {}),
  }
  try {
    const { id } = await brevo.companies.create(company, { lane: 'backfill', signal })
    return { kind: 'created', companyId: id }
  } catch (error) {
    const refused = expected(error)
    const isUncertain = 'applied' in refused && refused.applied !== 'no'
    return { kind: isUncertain ? 'uncertain' : 'failed', error: refused }
  }
}

/** Name and attributes; `clear` names those that are to be emptied. */
export function updateCompany(
  brevo: BrevoClient,
  format: CompanyFormat,
  companyId: string,
  change: { wanted: WantedCompany; clear: readonly string[] },
  signal?: AbortSignal,
): Promise<CompanyOutcome> {
  const { wanted, clear } = change
  const body = { name: wanted.name, attributes: toValues(format, wanted, clear) }
  return outcomeOf(() => brevo.companies.update(companyId, body, { lane: 'backfill', signal }))
}

/** Brevo need not say that it is the company which is gone: a change that changes nothing asks it. */
export async function linkCompany(
  brevo: BrevoClient,
  company: { companyId: string; name: string | null },
  links: { link: readonly number[]; unlink: readonly number[] },
  signal?: AbortSignal,
): Promise<CompanyOutcome> {
  const options = { lane: 'backfill', signal } as const
  const { companyId, name } = company
  const body = { linkContactIds: links.link, unlinkContactIds: links.unlink }
  const outcome = await outcomeOf(() => brevo.companies.link(companyId, body, options))
  if (outcome.kind !== 'failed' || outcome.error.disposition !== 'reject' || name === null) return outcome
  const asked = await outcomeOf(() => brevo.companies.update(companyId, { name }, options))
  return asked.kind === 'gone' ? asked : outcome
}

export function deleteCompany(
  brevo: BrevoClient,
  companyId: string,
  signal?: AbortSignal,
): Promise<CompanyOutcome> {
  return outcomeOf(() => brevo.companies.delete(companyId, { lane: 'backfill', signal }))
}

export type CompanyImportRow = {
  readonly wanted: WantedCompany
  /** E-mail addresses of the contacts to link. */
  readonly emails: readonly string[]
}

/** Creates a company for each row, every time: Brevo compares with nothing. Returns the process that will do the work. */
export async function importCompanies(
  brevo: BrevoClient,
  format: CompanyFormat,
  rows: readonly CompanyImportRow[],
  signal?: AbortSignal,
): Promise<number> {
  const { processId } = await brevo.companies.import(
    {
      rows: rows.map(({ wanted, emails }) => ({
        name: wanted.name,
        ...toCells(format, wanted),
        ...(emails.length > 0 ? { associated_contact: emails.join(',') } : {}),
      })),
      mapping: { link_entities: true },
    },
    { lane: 'backfill', signal },
  )
  return processId
}

type Values = Record<string, string | number | boolean | string[]>

function toValues(format: CompanyFormat, wanted: WantedCompany, clear: readonly string[]): Values {
  const values: Values = { [format.identity.name]: identityValue(format, wanted) }
  for (const attribute of format.mapped) {
    const value = wanted.attributes[attribute.name]
    if (value !== undefined) values[attribute.name] = toValue(attribute, value)
  }
  for (const name of clear) values[name] = ''
  return values
}

/** In CSV a choice stands as its label, several joined by commas. https://help.brevo.com/hc/en-us/articles/8384673933970 */
function toCells(format: CompanyFormat, wanted: WantedCompany): Record<string, string | number | boolean> {
  const cells: Record<string, string | number | boolean> = {
    [format.identity.name]: identityValue(format, wanted),
  }
  for (const { name } of format.mapped) {
    const value = wanted.attributes[name]
    if (value !== undefined) cells[name] = typeof value === 'object' ? value.join(',') : value
  }
  return cells
}

function identityValue({ identity }: CompanyFormat, { organizationId }: WantedCompany): string | number {
  return identity.type === 'float' ? organizationId : String(organizationId)
}

/** Choices are written as the keys of their options. */
function toValue(attribute: CompanyAttribute, value: AttributeValue): string | number | boolean | string[] {
  const keyOf = (label: string): string =>
    Object.entries(attribute.labelOfValue).find(([, known]) => known === label)?.[0] ?? label
  if (typeof value === 'object') return value.map(keyOf)
  return attribute.type === 'category' ? keyOf(String(value)) : value
}

async function outcomeOf(send: () => Promise<void>): Promise<CompanyOutcome> {
  try {
    await send()
    return { kind: 'accepted' }
  } catch (error) {
    const refused = expected(error)
    return refused.code === 'brevo_not_found' ? { kind: 'gone' } : { kind: 'failed', error: refused }
  }
}

function expected(error: unknown): TajoError {
  if (!(error instanceof TajoError)) throw error
  if (error.disposition === 'pause' || error.code === 'brevo_limited') throw error
  return error
}
