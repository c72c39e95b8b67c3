/** A value of either side as a person reads it. Null: there is none. */

export function valueText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  if (Array.isArray(value)) {
    const items = value.map(valueText).filter((text) => text !== null)
    return items.length === 0 ? null : items.join(', ')
  }
  if (typeof value === 'object') {
    const { kind, ...field } = value as Readonly<Record<string, unknown>>
    // A field of the mirror: its kind, and what there is of it.
    if (typeof kind === 'string')
      return valueText(Object.values('entity' in field ? { id: field.id } : field))
    const { value: inner, name, label, ...rest } = field
    const known = valueText(inner) ?? valueText(name)
    if (known !== null) return typeof label === 'string' && label !== '' ? `${known} (${label})` : known
    return Object.keys(rest).length === 0 ? null : JSON.stringify(value)
  }
  return String(value)
}
