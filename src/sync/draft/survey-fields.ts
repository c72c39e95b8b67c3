/** What the fields of an account hold, shown by real records. Pure. */
import type { Catalogue, FieldDefinition, SyncSettings } from '../model/index.ts'
import {
  attributeTypeFor,
  createLookup,
  fieldOf,
  inWords,
  leadPerson,
  resolvePath,
  type Source,
  sourceOfComputed,
  sourceReader,
} from '../projection/index.ts'
import { offeredFields } from './offered-fields.ts'
import type { SurveyRecords } from './records.ts'
import type { SurveyedField } from './shapes.ts'

const samplesAtMost = 3

export function surveyFields(
  catalogue: Catalogue,
  settings: Pick<SyncSettings, 'exchangeRates' | 'personMapping'>,
  records: SurveyRecords,
): readonly SurveyedField[] {
  const lookup = createLookup({ catalogue }, records.references)
  const readers = records.clusters.map((cluster) => sourceReader(cluster, { catalogue, settings }))
  const written = writtenPaths(catalogue, settings)
  return offeredFields(catalogue).map(({ path, source, label, group, custom, type }) => {
    const samples = new Set<string>()
    for (const read of canTell(source, records) ? readers : []) {
      const words = inWords(read(source), fieldOf(source), lookup)
      if (words !== null) samples.add(words)
      if (samples.size === samplesAtMost) break
    }
    return {
      source: (source.kind === 'field' && written.get(source.field)) || path,
      label,
      group,
      custom,
      type,
      attributeType: attributeTypeFor(source),
      samples: [...samples],
    }
  })
}

/** Custom fields by key, name or slug, whichever the mapping that is there has: one field has one name in a survey. */
function writtenPaths(
  { personFields, organizationFields }: Catalogue,
  { personMapping }: Pick<SyncSettings, 'personMapping'>,
): ReadonlyMap<FieldDefinition, string> {
  const fields = { person: personFields, organization: organizationFields }
  return new Map(
    personMapping.flatMap(({ source: path }): [FieldDefinition, string][] => {
      const { source } = resolvePath(path, fields)
      return source?.kind === 'field' && source.field.custom ? [[source.field, path]] : []
    }),
  )
}

/** No deal is known before deals were read: a zero would be made up. */
export function canTell(source: Source, { read }: SurveyRecords): boolean {
  return source.kind !== 'computed' || read[sourceOfComputed(source.name)]
}

/** As stored, one per contact. */
export function phonesOf({ clusters }: SurveyRecords): readonly string[] {
  return clusters.flatMap(({ persons }) =>
    leadPerson(persons)
      .phones.map(({ value }) => value)
      .slice(0, 1),
  )
}
