/** The rows of the mapping as they are shown: the draft, what the accounts have, and what a preview said. Pure. */
import type { ResultOf } from '../../../src/wire/index.ts'
import { type Draft, IDENTITY, toTarget } from './draft-state.ts'
import { findField, type SourceField, type Survey } from './find-field.ts'

export type Preview = ResultOf<'settings.preview'>
export type Fault = Preview['faults'][number]
export type AttributeType = SourceField['attributeType']
export type RowProblem = Pick<Fault, 'severity' | 'message'>

export type RowSample = {
  readonly from: string
  /** Null: nothing arrives; undefined: not known yet. */
  readonly to: string | null | undefined
  readonly problem: string | null
  /** Null: it has none, and the problem's words are all there is. */
  readonly code: string | null
}

export type RowView = {
  readonly source: string
  /** As it was typed. */
  readonly target: string
  readonly field: SourceField | null
  /** Always mapped, and always so. */
  readonly identity: boolean
  /** Null where nothing is known of it. */
  readonly type: AttributeType | null
  /** The first sync makes the attribute. */
  readonly missing: boolean
  readonly samples: readonly RowSample[]
  readonly problems: readonly RowProblem[]
}

export type PlacedFaults = {
  readonly ofRow: ReadonlyMap<string, readonly Fault[]>
  /** What is about no single stage is under the empty name. */
  readonly ofStage: ReadonlyMap<string, readonly Fault[]>
  /** By their names in the file: `all_contacts`. */
  readonly ofList: ReadonlyMap<string, readonly Fault[]>
  readonly ofCountry: readonly Fault[]
  readonly rest: readonly Fault[]
}

type Place = 'ofRow' | 'ofStage' | 'ofList' | 'ofCountry' | 'rest'

const PLACES: readonly (readonly [Exclude<Place, 'rest'>, RegExp])[] = [
  ['ofRow', /(?:^|\.)(?:person|field)_mapping\.(.+)$/],
  ['ofStage', /(?:^|\.)deal_stage_mapping(?:\.(.+))?$/],
  ['ofList', /(?:^|\.)lists\.(\w+)$/],
  ['ofCountry', /(?:^|\.)(default_country)$/],
]

/** Each fault beside what it is about; what belongs to no part of the view stays together. */
export function placeFaults(faults: readonly Fault[], draft: Draft): PlacedFaults {
  const sources = new Set(draft.personMapping.map(({ source }) => source))
  const placeOf = ({ path }: Fault): { place: Place; name: string } => {
    for (const [place, pattern] of PLACES) {
      const found = pattern.exec(path)
      const name = found?.[1] ?? ''
      if (found !== null && (place !== 'ofRow' || sources.has(name))) return { place, name }
    }
    return { place: 'rest', name: '' }
  }
  const placed = faults.map((fault) => ({ fault, ...placeOf(fault) }))
  const named = (wanted: Place): ReadonlyMap<string, readonly Fault[]> => {
    const groups = new Map<string, Fault[]>()
    for (const { fault, place, name } of placed)
      if (place === wanted) groups.set(name, [...(groups.get(name) ?? []), fault])
    return groups
  }
  return {
    ofRow: named('ofRow'),
    ofStage: named('ofStage'),
    ofList: named('ofList'),
    ofCountry: named('ofCountry').get('default_country') ?? [],
    rest: placed.filter(({ place }) => place === 'rest').map(({ fault }) => fault),
  }
}

export type JoinRequest = {
  readonly draft: Draft
  /** Null for whoever may not ask the accounts. */
  readonly survey: Survey | null
  /** Of this draft or an earlier one: rows that it does not know as they are now are shown without it. */
  readonly preview: Preview | null
  readonly faults: PlacedFaults
}

export function joinRows({ draft, survey, preview, faults }: JoinRequest): readonly RowView[] {
  return draft.personMapping.map(({ source, target }) => {
    const wanted = toTarget(target)
    const field = survey === null ? undefined : findField(source, survey.pipedrive.fields)
    const seen = preview?.rows.find((row) => row.source === source && row.target === wanted)
    const attribute = survey?.brevo.attributes.find(({ name }) => name === wanted)
    return {
      source,
      target,
      field: field ?? null,
      identity: wanted === IDENTITY && source === IDENTITY,
      type: attribute?.type ?? seen?.type ?? null,
      missing: attribute === undefined && isMissing(preview, wanted),
      samples: unlike(
        seen?.samples ??
          (field?.samples ?? []).map((from) => ({ from, to: undefined, problem: null, code: null })),
      ),
      problems: problemsOf(seen?.problem ?? null, faults.ofRow.get(source) ?? []),
    }
  })
}

/** Three times the same teaches nothing. */
function unlike(samples: readonly RowSample[]): readonly RowSample[] {
  return samples.filter(
    ({ from, to }, index) => samples.findIndex((one) => one.from === from && one.to === to) === index,
  )
}

function isMissing(preview: Preview | null, wanted: string): boolean {
  return preview?.missingAttributes.some(({ name }) => name === wanted) ?? false
}

/** A row's own problem often is one of the faults: it is said once. By itself it does not stop a saving. */
function problemsOf(own: string | null, faults: readonly Fault[]): readonly RowProblem[] {
  const told = faults.map(({ severity, message }) => ({ severity, message }))
  return own === null || told.some(({ message }) => message.includes(own) || own.includes(message))
    ? told
    : [...told, { severity: 'warning', message: own }]
}
