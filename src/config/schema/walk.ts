/** Answers questions about a zod schema at a path: which keys it knows, which plain values it takes. */
import { z } from 'zod'
import type { Path } from '../located.ts'

/** The schema without optional, default and the like around it. */
export function coreOf(schema: z.ZodType): z.ZodType {
  let core = schema
  while (
    core instanceof z.ZodOptional ||
    core instanceof z.ZodNullable ||
    core instanceof z.ZodDefault ||
    core instanceof z.ZodPrefault
  )
    core = core.unwrap() as z.ZodType
  return core
}

/** The schemas a value may follow: those of a union, else the one itself. */
export function alternativesOf(schema: z.ZodType): readonly z.ZodType[] {
  const core = coreOf(schema)
  return core instanceof z.ZodUnion ? core.options.map((option) => coreOf(option as z.ZodType)) : [core]
}

/** The schema of a key or an item, or undefined where nothing is known about it. */
export function childOf(schema: z.ZodType | undefined, part: string | number): z.ZodType | undefined {
  if (schema === undefined) return undefined
  for (const core of alternativesOf(schema)) {
    if (core instanceof z.ZodObject && Object.hasOwn(core.shape, part)) return core.shape[part]
    if (core instanceof z.ZodRecord) return core.valueType as z.ZodType
    if (core instanceof z.ZodArray) return core.element as z.ZodType
  }
  return undefined
}

export function schemaAt(root: z.ZodType, path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>(childOf, root)
}

/** The fixed keys a block may have; none for a free mapping. */
export function knownKeys(schema: z.ZodType | undefined): readonly string[] {
  if (schema === undefined) return []
  return alternativesOf(schema).flatMap((core) =>
    core instanceof z.ZodObject ? Object.keys(core.shape) : [],
  )
}

/** True where keys are chosen by the user. */
export function isFreeMapping(schema: z.ZodType | undefined): boolean {
  return schema !== undefined && alternativesOf(schema).some((core) => core instanceof z.ZodRecord)
}

export function takesNumber(schema: z.ZodType | undefined): boolean {
  return schema !== undefined && alternativesOf(schema).some((core) => core instanceof z.ZodNumber)
}

export function takesBoolean(schema: z.ZodType | undefined): boolean {
  return (
    schema !== undefined &&
    alternativesOf(schema).some(
      (core) => core instanceof z.ZodBoolean || (core instanceof z.ZodLiteral && core.values.has(false)),
    )
  )
}

/** Every fixed key of the file as a path; list items are written `[]`. */
export function settingPaths(schema: z.ZodType, prefix = ''): readonly string[] {
  return alternativesOf(schema).flatMap((core) => {
    if (core instanceof z.ZodArray) return settingPaths(core.element as z.ZodType, `${prefix}[]`)
    if (!(core instanceof z.ZodObject)) return []
    return Object.entries(core.shape).flatMap(([key, child]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`
      return [path, ...settingPaths(child as z.ZodType, path)]
    })
  })
}
