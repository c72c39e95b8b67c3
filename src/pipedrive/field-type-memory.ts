/** The types of an account's custom fields, read once when a v1-shaped record needs them and again when a new key shows. */
import type { Clock } from '../base/clock.ts'
import type { PipedriveField } from './record/account.ts'
import { type FieldTypes, isCustomKey } from './v1/custom-fields.ts'

export type CustomisableEntity = 'person' | 'organization' | 'deal'

export type FieldTypeMemory = {
  /** Types for these rows; costs a call only when a row carries custom keys that are not known. */
  typesFor(entity: CustomisableEntity, rows: unknown): Promise<FieldTypes>
  /** Adds a field that was just made, so that a row which carries it is not read by guesswork. */
  learn(entity: CustomisableEntity, field: PipedriveField): void
  /** What is known now. */
  known(entity: CustomisableEntity): FieldTypes
}

/** An unknown key may be a deleted field's: it is looked up again no more often than this. */
const READ_AGAIN_MS = 10 * 60_000
const NOTHING: FieldTypes = new Map()

export function createFieldTypeMemory(
  listFields: (entity: CustomisableEntity) => Promise<readonly PipedriveField[]>,
  clock: Clock,
): FieldTypeMemory {
  const memory = new Map<CustomisableEntity, { types: FieldTypes; readAtMs: number }>()
  const underWay = new Map<CustomisableEntity, Promise<void>>()

  async function read(entity: CustomisableEntity): Promise<void> {
    const fields = await listFields(entity)
    const types = new Map(fields.map(toType))
    memory.set(entity, { types, readAtMs: clock.now().getTime() })
  }

  const known = (entity: CustomisableEntity) => memory.get(entity)?.types ?? NOTHING
  return {
    known,
    learn(entity, field) {
      const held = memory.get(entity)
      if (held) memory.set(entity, { ...held, types: new Map([...held.types, toType(field)]) })
    },
    async typesFor(entity, rows) {
      const held = memory.get(entity)
      const fresh = held !== undefined && clock.now().getTime() - held.readAtMs < READ_AGAIN_MS
      if (!fresh && hasUnknownKey(rows, known(entity))) {
        const reading = underWay.get(entity) ?? read(entity).finally(() => underWay.delete(entity))
        underWay.set(entity, reading)
        await reading
      }
      return known(entity)
    },
  }
}

function toType(field: PipedriveField): [string, string] {
  return [field.field_code, field.field_type ?? 'varchar']
}

function hasUnknownKey(rows: unknown, types: FieldTypes): boolean {
  const list: readonly unknown[] = Array.isArray(rows) ? rows : [rows]
  return list.some(
    (row) =>
      typeof row === 'object' &&
      row !== null &&
      Object.keys(row).some((name) => isCustomKey(name) && !types.has(name)),
  )
}
