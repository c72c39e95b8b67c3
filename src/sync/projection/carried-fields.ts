/** `events.deal_fields`: which custom deal fields events carry, and under which names (rule R5.4). Pure. */
import { slug } from '../../base/spelling.ts'
import type { Catalogue, FieldDefinition, SettingFault, SyncSettings } from '../model/index.ts'
import { findCustom } from './source-path.ts'

export type CarriedField = { readonly property: string; readonly field: FieldDefinition }

export function resolveDealFields(
  settings: SyncSettings,
  catalogue: Catalogue,
  faults: SettingFault[],
): readonly CarriedField[] {
  return settings.dealFields.flatMap(({ source, path }) => {
    const field = findCustom(source.replace(/^custom_fields\./, ''), catalogue.dealFields)
    if (!('problem' in field)) return [{ property: propertyOf(field), field }]
    faults.push({ path, message: `${source}: ${field.problem}`, severity: 'error' })
    return []
  })
}

/** Those of which a deal keeps its value: what events carry, and what reports can group by. No free text unasked. */
export function keptDealFields(
  { dealFields }: Catalogue,
  carried: readonly CarriedField[],
): readonly FieldDefinition[] {
  const asked = new Set(carried.map(({ field }) => field.key))
  return dealFields.filter(({ key, type, custom }) => asked.has(key) || (custom && grouping.includes(type)))
}

const grouping: readonly FieldDefinition['type'][] = ['option', 'options', 'user', 'organization', 'flag']

/** Brevo takes letters without accents, digits, _ and -; what has none of them goes by its key. */
function propertyOf({ name, key }: FieldDefinition): string {
  const plain = slug(name.normalize('NFKD').replace(/\p{M}/gu, '')).replace(/[^a-z0-9_-]/g, '')
  return /[a-z0-9]/.test(plain) ? plain : key
}
