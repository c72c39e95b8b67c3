/** `organization_mapping` resolved against both accounts (rule R8.2). Pure; its faults stop a sync before the first write. */
import { fingerprint } from '../../base/fingerprint.ts'
import { nearestName } from '../../base/suggest.ts'
import {
  type AttributeType,
  type Catalogue,
  type CompanyAttribute,
  type CompanyFormat,
  companyIdentityLabel,
  type MappingSetting,
  type SettingFault,
} from '../model/index.ts'
import { attributeTypeFor } from './plan.ts'
import { resolvePath, type Source } from './source-path.ts'

export type CompanySettings = {
  /** Sources are fields of the organization; targets are labels or internal names of Brevo's company attributes. */
  readonly organizationMapping: readonly MappingSetting[]
  readonly createMissingAttributes: boolean
  readonly deleteBehavior: 'soft' | 'hard'
}

export type MappedCompanyAttribute = { readonly attribute: CompanyAttribute; readonly source: Source }

export type CompanyPlan = CompanyFormat & {
  readonly attributes: readonly MappedCompanyAttribute[]
  readonly users: Catalogue['users']
  readonly deleteBehavior: 'soft' | 'hard'
  /** A mapped field holds users: the catalogue has to have their names. */
  readonly needsUsers: boolean
  /** Equal plans give equal companies of equal records. */
  readonly fingerprint: string
}

export type MissingCompanyAttribute = {
  readonly label: string
  readonly type: AttributeType
  readonly path: string
}

export type CompanyPlanResult = {
  /** Null when there are faults, or attributes that have to be made first. */
  readonly plan: CompanyPlan | null
  readonly faults: readonly SettingFault[]
  readonly missing: readonly MissingCompanyAttribute[]
}

/** Brevo's most characters of a label. https://developers.brevo.com/reference/post_crm-attributes */
const longestLabel = 50

export function resolveCompanyPlan(
  settings: CompanySettings,
  catalogue: Catalogue,
  known: readonly CompanyAttribute[],
): CompanyPlanResult {
  const faults: SettingFault[] = []
  const missing: MissingCompanyAttribute[] = []
  const attributes: MappedCompanyAttribute[] = []
  const identity = findAttribute(companyIdentityLabel, known)
  if (identity === null) {
    // Not a matter of the mapping, so that create_missing_attributes does not decide on it.
    missing.push({
      label: companyIdentityLabel,
      type: 'text',
      path: 'connectors.pipedrive.sync.organizations',
    })
  }
  for (const row of settings.organizationMapping) {
    const found = resolveRow(row, settings, catalogue, known)
    if (found === null) continue
    if ('fault' in found) faults.push({ path: row.path, message: found.fault, severity: 'error' })
    else if ('missing' in found) missing.push(found.missing)
    else attributes.push(found)
  }
  faults.push(...sharedTargets(attributes, settings.organizationMapping))
  const complete = identity !== null && faults.length === 0 && missing.length === 0
  return { plan: complete ? toPlan(identity, attributes, settings, catalogue) : null, faults, missing }
}

type Row = MappedCompanyAttribute | { fault: string } | { missing: MissingCompanyAttribute } | null

/** Null for `name: name`, which holds without being said. */
function resolveRow(
  { source: written, target, path }: MappingSetting,
  settings: CompanySettings,
  catalogue: Catalogue,
  known: readonly CompanyAttribute[],
): Row {
  const resolved = resolvePath(`org_id.${written}`, {
    person: catalogue.personFields,
    organization: catalogue.organizationFields,
  })
  if (resolved.source === null) return { fault: resolved.problem.replace(/^org_id\./, '') }
  const { source } = resolved
  const attribute = findAttribute(target, known)
  if (attribute?.name === 'name') {
    return source.kind === 'organization-name'
      ? null
      : {
          fault: `the name of a company is the name of its organization, and cannot be taken from ${written}`,
        }
  }
  if (attribute) {
    if (attribute.label === companyIdentityLabel)
      return { fault: `${target} holds the link to the Pipedrive organization and cannot be mapped` }
    return attribute.writable
      ? { attribute, source }
      : { fault: `the Brevo company attribute ${target} is of a kind that Tajo cannot write` }
  }
  const type = attributeTypeFor(source)
  if (!settings.createMissingAttributes) return { fault: absent(target, type, known) }
  return target.length <= longestLabel
    ? { missing: { label: target, type, path } }
    : {
        fault: `"${target}" is longer than the ${longestLabel} characters that Brevo allows for an attribute`,
      }
}

/** By internal name, by label, then by either whatever the case where only one is meant. */
function findAttribute(wanted: string, known: readonly CompanyAttribute[]): CompanyAttribute | null {
  const exact =
    known.find((attribute) => attribute.name === wanted) ??
    known.find((attribute) => attribute.label === wanted)
  if (exact) return exact
  const lower = wanted.toLowerCase()
  const near = known.filter(
    (attribute) => attribute.name.toLowerCase() === lower || attribute.label.toLowerCase() === lower,
  )
  return near.length === 1 ? (near[0] ?? null) : null
}

function absent(target: string, type: AttributeType, known: readonly CompanyAttribute[]): string {
  const usable = known.filter(
    ({ writable, name, label }) => writable && name !== 'name' && label !== companyIdentityLabel,
  )
  const names = usable.flatMap(({ name, label }) => [label, name])
  const near = nearestName(target, names)
  const listed = usable.map(({ label }) => label)
  const shown = listed.slice(0, 12).join(', ') + (listed.length > 12 ? ', and more' : '')
  return `Brevo has no company attribute ${target}${near ? `; did you mean ${near}?` : ''} (there are: ${shown || 'none'}): create it there (type ${type}), or set create_missing_attributes: true`
}

/** A label and an internal name may be two words for one attribute. */
function sharedTargets(
  attributes: readonly MappedCompanyAttribute[],
  mapping: readonly MappingSetting[],
): SettingFault[] {
  const names = attributes.map(({ attribute }) => attribute.name)
  return attributes.flatMap(({ attribute }, index): SettingFault[] => {
    if (names.indexOf(attribute.name) === index) return []
    const rows = mapping.filter(({ target }) => findAttribute(target, [attribute]) !== null)
    const path = rows.at(-1)?.path ?? 'organization_mapping'
    return [
      { path, message: `the Brevo company attribute ${attribute.label} is mapped twice`, severity: 'error' },
    ]
  })
}

function toPlan(
  identity: CompanyAttribute,
  attributes: readonly MappedCompanyAttribute[],
  settings: CompanySettings,
  catalogue: Catalogue,
): CompanyPlan {
  const needsUsers = attributes.some(({ source }) => source.kind === 'field' && source.field.type === 'user')
  return {
    identity,
    mapped: attributes.map(({ attribute }) => attribute),
    attributes,
    users: catalogue.users,
    deleteBehavior: settings.deleteBehavior,
    needsUsers,
    fingerprint: fingerprint({
      identity: identity.name,
      attributes,
      users: needsUsers ? catalogue.users : null,
    }),
  }
}
