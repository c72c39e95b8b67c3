/** The plan in short, kept beside what was computed with it, so that a record can be explained without any call. */
import type { JsonObject } from '../base/json.ts'
import type { ListPlan, Plan } from './projection/index.ts'

export type PlanNote = {
  readonly lists: ListPlan
  readonly listNames: Readonly<Record<string, string>>
  /** Attribute name to its type. */
  readonly attributes: Readonly<Record<string, string>>
}

export function toPlanNote(plan: Plan, listNames: ReadonlyMap<number, string>): JsonObject {
  return {
    lists: { ...plan.lists, stages: [...plan.lists.stages] },
    listNames: Object.fromEntries([...listNames].map(([id, name]) => [String(id), name])),
    attributes: Object.fromEntries(plan.attributes.map(({ attribute }) => [attribute.name, attribute.type])),
  } as unknown as JsonObject
}

export function fromPlanNote(note: JsonObject): PlanNote {
  const { lists, listNames, attributes } = note as unknown as PlanNote & {
    lists: { stages: [number, number][] }
  }
  return { lists: { ...lists, stages: new Map(lists.stages) }, listNames, attributes }
}
