/** How values of real records would arrive in Brevo, row by row, with the code that projects every contact. Pure. */
import {
  type AttributeType,
  type AttributeValue,
  type SettingFault,
  SMS,
  type SyncSettings,
} from '../model/index.ts'
import {
  attributeTypeFor,
  type BrevoAccount,
  type Cluster,
  createLookup,
  fieldOf,
  inWords,
  leadPerson,
  type Plan,
  projectContact,
  resolvePath,
  type Source,
  sourceReader,
} from '../projection/index.ts'
import type { SurveyRecords } from './records.ts'
import type { PreviewRow, PreviewSample } from './shapes.ts'
import { canTell } from './survey-fields.ts'

const samplesAtMost = 3

export type PreviewMaterial = {
  readonly settings: SyncSettings
  readonly faults: readonly SettingFault[]
  /** Of the rows without a fault; null only where even those fit nothing. */
  readonly plan: Plan | null
  readonly catalogue: Plan['catalogue']
  readonly attributes: BrevoAccount['attributes']
  readonly records: SurveyRecords
}

type Row = {
  readonly source: string
  readonly target: string
  readonly resolved: Source | null
  readonly type: AttributeType | null
  readonly problem: string | null
  /** For this row alone; null where nothing could arrive. */
  readonly plan: Plan | null
}

export function previewRows(material: PreviewMaterial): readonly PreviewRow[] {
  const { settings, catalogue, records } = material
  const rows = settings.personMapping.map((mapping) => toRow(mapping, material))
  const lookup = createLookup({ catalogue }, records.references)
  const seen = records.clusters.map((cluster) => {
    const read = sourceReader(cluster, { catalogue, settings })
    const words = rows.map(({ resolved }) =>
      resolved !== null && canTell(resolved, records)
        ? inWords(read(resolved), fieldOf(resolved), lookup)
        : null,
    )
    return { cluster, words, filled: words.filter((item) => item !== null).length }
  })
  // The same few persons through all rows, as far as they have something there.
  const fullest = seen.toSorted((a, b) => b.filled - a.filled)
  return rows.map(({ source, target, type, problem, plan }, index) => {
    const samples = fullest.flatMap(({ cluster, words }) => {
      const from = words[index] ?? null
      return from === null ? [] : [{ cluster, from }]
    })
    const arrive = (sample: (typeof samples)[number]): PreviewSample => arrival(sample, target, plan, records)
    return { source, target, type, problem, samples: chosen(samples.map((sample) => () => arrive(sample))) }
  })
}

/** The first, and in place of the last of them one that does not arrive, if only others do. */
function chosen(samples: readonly (() => PreviewSample)[]): readonly PreviewSample[] {
  const first = samples.slice(0, samplesAtMost).map((sample) => sample())
  if (first.some(({ problem }) => problem !== null)) return first
  for (const sample of samples.slice(samplesAtMost)) {
    const other = sample()
    if (other.problem !== null) return [...first.slice(0, -1), other]
  }
  return first
}

function arrival(
  { cluster, from }: { cluster: Cluster; from: string },
  target: string,
  plan: Plan | null,
  { references }: SurveyRecords,
): PreviewSample {
  if (plan === null)
    return { personId: leadPerson(cluster.persons).id, from, to: null, problem: null, code: null }
  const { contact, warnings } = projectContact(cluster, plan, references)
  const value =
    target.toLowerCase() === 'email'
      ? contact.email
      : target === SMS
        ? contact.sms
        : contact.attributes[target]
  return {
    personId: contact.personId,
    from,
    to: value == null ? null : valueInWords(value),
    problem: warnings.map(({ detail }) => detail).join('; ') || null,
    code: warnings[0]?.code ?? null,
  }
}

function valueInWords(value: AttributeValue): string {
  return typeof value === 'object' ? value.join(', ') : String(value)
}

function toRow(mapping: SyncSettings['personMapping'][number], material: PreviewMaterial): Row {
  const { catalogue, attributes, plan } = material
  const { source, target, path } = mapping
  const fields = { person: catalogue.personFields, organization: catalogue.organizationFields }
  const { source: resolved } = resolvePath(source, fields)
  const fault = material.faults.find((item) => item.path === path)
  const isUsable = resolved !== null && fault?.severity !== 'error'
  return {
    source,
    target,
    resolved,
    type: resolved && typeOf(target, resolved, attributes),
    problem: fault?.message ?? null,
    plan: plan && isUsable ? planOfRow(plan, mapping, resolved) : null,
  }
}

function typeOf(target: string, source: Source, attributes: BrevoAccount['attributes']): AttributeType {
  if (target === SMS || target.toLowerCase() === 'email') return 'text'
  return attributes.get(target)?.type ?? attributeTypeFor(source)
}

function planOfRow(
  plan: Plan,
  { target, path }: SyncSettings['personMapping'][number],
  source: Source,
): Plan {
  const attributes = plan.attributes.filter((item) => item.path === path && item.attribute.name === target)
  return { ...plan, attributes, sms: target === SMS ? source : null }
}
