/** The plan in short, kept beside what was computed with it, so that a record can be explained without any call. */
import { canonicalJson } from '../base/fingerprint.ts'
import type { JsonObject } from '../base/json.ts'
import type { FieldDefinition } from './model/index.ts'
import type { ListPlan, Plan } from './projection/index.ts'
import type { MergePlan } from './reconcile/index.ts'

export type PlanNote = {
  readonly lists: ListPlan
  readonly listNames: Readonly<Record<string, string>>
  /** Attribute name to its type. */
  readonly attributes: Readonly<Record<string, string>>
  /** What a merge needs; `reverse` null: nothing goes to Pipedrive. */
  readonly merge: MergePlan
  /** For their names and those of their options. */
  readonly personFields: readonly FieldDefinition[]
}

export function toPlanNote(plan: Plan, listNames: ReadonlyMap<number, string>): JsonObject {
  const { reverse, catalogue, settings } = plan
  return {
    lists: { ...plan.lists, stages: [...plan.lists.stages] },
    listNames: Object.fromEntries([...listNames].map(([id, name]) => [String(id), name])),
    attributes: Object.fromEntries(plan.attributes.map(({ attribute }) => [attribute.name, attribute.type])),
    merge: {
      reverse,
      catalogue: { defaultCurrency: catalogue.defaultCurrency },
      settings: { defaultCountry: settings.defaultCountry },
    },
    personFields: catalogue.personFields,
  } as unknown as JsonObject
}

export function fromPlanNote(note: JsonObject): PlanNote {
  const { lists, listNames, attributes, merge, personFields } = note as unknown as PlanNote & {
    lists: { stages: [number, number][] }
  }
  return {
    lists: { ...lists, stages: new Map(lists.stages) },
    listNames,
    attributes,
    merge: merge ?? oneWay,
    personFields: personFields ?? [],
  }
}

/** The store answers with its own order of keys. */
export function isSameNote(kept: JsonObject | null, note: JsonObject): boolean {
  return kept !== null && canonicalJson(kept) === canonicalJson(note)
}

/** Of a note that was kept before anything could go back. */
const oneWay: MergePlan = {
  reverse: null,
  catalogue: { defaultCurrency: '' },
  settings: { defaultCountry: null },
}
