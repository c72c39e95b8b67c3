/**
 * The account's attribute definitions and the rules for making and changing them
 * (https://developers.brevo.com/reference/create-attribute). Holds no contact's values.
 */
import { isIdentifierAttribute } from './identifiers.ts'
import { attributeNotFound, invalidParameter, missingParameter } from './refusal.ts'
import type { BrevoAttribute, BrevoAttributeCategory, BrevoAttributeType } from './seed.ts'
import type { BrevoSwitches } from './switches.ts'

const CATEGORIES = new Set<string>(['normal', 'transactional', 'category', 'calculated', 'global'])
const PLAIN: BrevoAttributeType[] = ['text', 'date', 'float', 'boolean']
const TYPES: Record<BrevoAttributeCategory, readonly BrevoAttributeType[]> = {
  normal: [...PLAIN, 'user', 'multiple-choice'],
  transactional: [...PLAIN, 'id'],
  category: ['category'],
  calculated: [],
  global: [],
}
/** https://developers.brevo.com/docs/platform-quotas */
const MOST_CUSTOM_ATTRIBUTES = 200
const LONGEST_OPTION = 200

export const isAttributeCategory = (text: string): text is BrevoAttributeCategory => CATEGORIES.has(text)

export class AttributeRegistry {
  readonly #attributes = new Map<string, BrevoAttribute>()
  readonly #standard: number

  constructor(seeded: readonly BrevoAttribute[]) {
    for (const attribute of seeded) this.#attributes.set(attribute.name, structuredClone(attribute))
    this.#standard = this.#attributes.size
  }

  get(name: string): BrevoAttribute | undefined {
    return this.#attributes.get(name)
  }

  all(): BrevoAttribute[] {
    return [...this.#attributes.values()]
  }

  create(category: BrevoAttributeCategory, rawName: string, body: Record<string, unknown>): void {
    const name = rawName.toUpperCase()
    if (!/^[A-Z0-9_-]{1,50}$/.test(name)) throw invalidParameter('Invalid attribute name')
    if (this.#attributes.has(name) || name === 'EMAIL')
      throw invalidParameter('Attribute name must be unique')
    if (this.#attributes.size >= this.#standard + MOST_CUSTOM_ATTRIBUTES) {
      throw invalidParameter('Maximum number of attributes reached')
    }
    const computed = category === 'calculated' || category === 'global'
    if (computed) {
      if (typeof body.value !== 'string') throw missingParameter('value is missing')
      refuseGiven(body, ['type', 'enumeration', 'multiCategoryOptions'])
      this.#attributes.set(name, { name, category, calculatedValue: body.value })
      return
    }
    refuseGiven(body, ['value', 'isRecurring'])
    const type = (body.type ?? (category === 'category' ? 'category' : undefined)) as BrevoAttributeType
    if (type === undefined) throw missingParameter('type is missing')
    if (!TYPES[category].includes(type)) throw invalidParameter('Invalid attribute type')
    const attribute: BrevoAttribute = { name, category, type }
    if (category === 'category') attribute.enumeration = readEnumeration(body.enumeration)
    else refuseGiven(body, ['enumeration'])
    if (type === 'multiple-choice') attribute.multiCategoryOptions = readOptions(body.multiCategoryOptions)
    else refuseGiven(body, ['multiCategoryOptions'])
    this.#attributes.set(name, attribute)
  }

  update(category: BrevoAttributeCategory, name: string, body: Record<string, unknown>): void {
    const attribute = this.#expect(category, name)
    if (category === 'category') {
      attribute.enumeration = readEnumeration(body.enumeration)
    } else if (category === 'calculated' || category === 'global') {
      if (typeof body.value !== 'string') throw missingParameter('value is missing')
      attribute.calculatedValue = body.value
    } else if (attribute.type === 'multiple-choice') {
      const added = readOptions(body.multiCategoryOptions)
      attribute.multiCategoryOptions = [...new Set([...(attribute.multiCategoryOptions ?? []), ...added])]
    } else {
      throw invalidParameter('Attribute can not be updated')
    }
  }

  delete(category: BrevoAttributeCategory, name: string): void {
    this.#expect(category, name)
    if (isIdentifierAttribute(name)) throw invalidParameter('Attribute can not be deleted')
    this.#attributes.delete(name)
  }

  deleteOption(name: string, option: string): void {
    const attribute = this.#attributes.get(name)
    if (attribute?.type !== 'multiple-choice') throw attributeNotFound()
    if (!attribute.multiCategoryOptions?.includes(option)) throw attributeNotFound()
    attribute.multiCategoryOptions = attribute.multiCategoryOptions.filter((each) => each !== option)
  }

  #expect(category: BrevoAttributeCategory, name: string): BrevoAttribute {
    const attribute = this.#attributes.get(name)
    if (attribute?.category !== category) throw attributeNotFound()
    return attribute
  }
}

/** The definition as `GET /contacts/attributes` shows it. `value` is 0 for ids that are not whole numbers. */
export function presentAttribute(attribute: BrevoAttribute, switches: BrevoSwitches): object {
  const { enumeration, type, ...rest } = attribute
  return {
    ...rest,
    ...(type === undefined ? {} : { type: type === 'category' ? switches.categoryType : type }),
    ...(enumeration === undefined
      ? {}
      : {
          enumeration: enumeration.map(({ value, label }) => ({
            value: Number.isInteger(Number(value)) ? Number(value) : 0,
            valueStr: String(value),
            label,
          })),
        }),
  }
}

function refuseGiven(body: Record<string, unknown>, names: readonly string[]): void {
  const given = names.find((name) => body[name] !== undefined)
  if (given !== undefined) throw invalidParameter(`${given} is not allowed for this attribute`)
}

function readEnumeration(raw: unknown): { value: number; label: string }[] {
  if (raw === undefined) throw missingParameter('enumeration is missing')
  const isOption = (each: { value?: unknown; label?: unknown } | null): boolean =>
    Number.isInteger(each?.value) &&
    typeof each?.label === 'string' &&
    each.label !== '' &&
    each.label.length <= LONGEST_OPTION
  if (!Array.isArray(raw) || raw.length === 0 || !raw.every(isOption))
    throw invalidParameter('Invalid enumeration')
  return raw.map(({ value, label }) => ({ value, label }))
}

function readOptions(raw: unknown): string[] {
  if (raw === undefined) throw missingParameter('multiCategoryOptions is missing')
  const isOption = (each: unknown): boolean =>
    typeof each === 'string' && each !== '' && each.length <= LONGEST_OPTION
  if (!Array.isArray(raw) || raw.length === 0 || !raw.every(isOption)) {
    throw invalidParameter('Invalid multiCategoryOptions')
  }
  return [...new Set(raw as string[])]
}
