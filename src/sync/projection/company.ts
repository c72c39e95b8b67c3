/** An organization to the company that is wanted, and whether Brevo's is that one. Pure (rule R8.2). */
import type {
  AttributeValue,
  Company,
  FieldValue,
  Organization,
  WantedCompany,
  Warning,
} from '../model/index.ts'
import type { CompanyPlan, MappedCompanyAttribute } from './company-plan.ts'
import type { References } from './contact.ts'
import { convertValue } from './convert.ts'

export type CompanyProjection =
  | {
      readonly company: WantedCompany
      /** Attributes whose source holds something unusable: neither written nor cleared. */
      readonly keep: readonly string[]
      readonly warnings: readonly Warning[]
    }
  /** Brevo takes no company without a name. */
  | { readonly company: null; readonly problem: 'no_name' }

export function projectCompany(
  organization: Organization,
  plan: CompanyPlan,
  references: References,
): CompanyProjection {
  const name = organization.name.trim()
  if (name === '') return { company: null, problem: 'no_name' }
  const attributes: Record<string, AttributeValue> = {}
  const keep: string[] = []
  const warnings: Warning[] = []
  const lookup = {
    optionLabel: (field: { options: Readonly<Record<string, string>> } | null, id: string) =>
      field?.options[id],
    userName: (id: number) => plan.users[id],
    ...references,
  }
  for (const mapped of plan.attributes) {
    const { attribute, source } = mapped
    const field = source.kind === 'field' ? source.field : null
    const converted = convertValue(sourceValue(organization, mapped), field, attribute, lookup)
    if (converted.kind === 'value') attributes[attribute.name] = converted.value
    else if (converted.kind === 'mismatch') {
      keep.push(attribute.name)
      const detail = `${attribute.label} (${attribute.type}): ${converted.problem}`
      warnings.push({ code: 'type_mismatch', subject: attribute.label, detail })
    }
  }
  return { company: { organizationId: organization.id, name, attributes }, keep, warnings }
}

function sourceValue(organization: Organization, { source }: MappedCompanyAttribute): FieldValue | null {
  if (source.kind === 'organization-name') return { kind: 'text', text: organization.name }
  return source.kind === 'field' ? (organization.fields[source.field.key] ?? null) : null
}

/** What is to be emptied: Tajo had written it, and the source is empty now (rule R2.5). */
export function attributesToClear(
  wanted: WantedCompany,
  keep: readonly string[],
  writtenNames: readonly string[],
  plan: CompanyPlan,
): readonly string[] {
  return writtenNames.filter(
    (name) =>
      !Object.hasOwn(wanted.attributes, name) &&
      !keep.includes(name) &&
      plan.mapped.some((attribute) => attribute.name === name),
  )
}

/** True when Brevo's company has the name and every value that is wanted. */
export function isSameCompany(wanted: WantedCompany, company: Company): boolean {
  return (
    company.name.trim() === wanted.name &&
    company.organizationId === wanted.organizationId &&
    Object.entries(wanted.attributes).every(([name, value]) => isSameValue(value, company.attributes[name]))
  )
}

function isSameValue(wanted: AttributeValue, seen: AttributeValue | undefined): boolean {
  return JSON.stringify(wanted) === JSON.stringify(seen)
}
