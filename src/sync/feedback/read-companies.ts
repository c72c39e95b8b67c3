/** Brevo's companies and their attributes to ours, a page at a time. Vendor shapes stop here. */
import type { BrevoClient, BrevoCompany, BrevoCompanyAttribute } from '../../brevo/index.ts'
import type {
  AttributeType,
  AttributeValue,
  Company,
  CompanyAttribute,
  CompanyFormat,
} from '../model/index.ts'

/** https://developers.brevo.com/reference/get_crm-attributes-companies */
const typeOf: Readonly<Record<string, AttributeType>> = {
  text: 'text',
  number: 'float',
  date: 'date',
  boolean: 'boolean',
  'single-select': 'category',
  'multi-choice': 'multiple-choice',
  user: 'user',
}

export async function readCompanyAttributes(
  brevo: BrevoClient,
  signal?: AbortSignal,
): Promise<readonly CompanyAttribute[]> {
  const attributes = await brevo.companyAttributes.list({ lane: 'interactive', signal })
  return attributes.map(fromBrevoCompanyAttribute)
}

export function fromBrevoCompanyAttribute(attribute: BrevoCompanyAttribute): CompanyAttribute {
  const { internalName, attributeTypeName } = attribute
  const type = typeOf[attributeTypeName ?? '']
  const options = (attribute.attributeOptions ?? []).flatMap(({ key, value }) =>
    key && value ? [[key, value] as const] : [],
  )
  const isChoice = type === 'category' || type === 'multiple-choice'
  // A phone number would need the country's code beside it.
  const writable =
    type !== undefined &&
    type !== 'user' &&
    attribute.isValueReadonly !== true &&
    internalName !== 'phone_number'
  return {
    name: internalName,
    label: attribute.label ?? internalName,
    type: type ?? 'text',
    labels: isChoice ? options.map(([, label]) => label) : null,
    labelOfValue: Object.fromEntries(options),
    writable,
  }
}

export type CompanyPage = {
  readonly companies: readonly Company[]
  /** Null when this was the last page. */
  readonly nextPage: number | null
}

/** One page of a hundred, oldest companies first. `since` null reads all. */
export async function readCompanyPage(
  brevo: BrevoClient,
  format: CompanyFormat,
  reading: { page: number; since: Date | null; signal?: AbortSignal | undefined },
): Promise<CompanyPage> {
  const { page, since, signal } = reading
  const answer = await brevo.companies.page({
    page,
    lane: 'backfill',
    signal,
    ...(since ? { modifiedSince: since } : {}),
  })
  return {
    companies: answer.items.map((company) => fromBrevoCompany(company, format)),
    nextPage: answer.nextPage,
  }
}

export function fromBrevoCompany(company: BrevoCompany, format: CompanyFormat): Company {
  const raw = company.attributes ?? {}
  const attributes = format.mapped.flatMap((attribute) => {
    const value = fromCompanyValue(raw[attribute.name], attribute)
    return value === null ? [] : [[attribute.name, value] as const]
  })
  const identity = String(raw[format.identity.name] ?? '').trim()
  return {
    companyId: company.id,
    organizationId: /^[1-9]\d{0,14}$/.test(identity) ? Number(identity) : null,
    name: typeof raw.name === 'string' ? raw.name : '',
    attributes: Object.fromEntries(attributes),
    contacts: [...new Set(company.linkedContactsIds ?? [])].sort((a, b) => a - b),
  }
}

/** Null for empty. Options may be answered as keys or as labels: both become labels. */
function fromCompanyValue(value: unknown, attribute: CompanyAttribute): AttributeValue | null {
  if (value === null || value === undefined || value === '') return null
  const labelOf = (key: unknown): string => attribute.labelOfValue[String(key)] ?? String(key)
  switch (attribute.type) {
    case 'float':
      return Number.isFinite(Number(value)) ? Number(value) : null
    case 'boolean':
      return typeof value === 'boolean' ? value : String(value).toLowerCase() === 'true'
    case 'date':
      return String(value).slice(0, 10)
    case 'category':
      return labelOf(value)
    case 'multiple-choice': {
      const labels = (Array.isArray(value) ? value : String(value).split(',')).map((key) =>
        labelOf(String(key).trim()),
      )
      return labels.length === 0 ? null : labels.sort()
    }
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value).trim() || null
  }
}
