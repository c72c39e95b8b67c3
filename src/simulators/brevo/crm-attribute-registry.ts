/**
 * The attributes of companies and deals, and the rules for making them
 * (https://developers.brevo.com/reference/create-a-company-deal-attribute). Holds nobody's values.
 */
import { isCrmId, toCrmId } from './company-store.ts'
import { crmAttributeIdInvalid, documentNotFound, notValidData } from './refusal.ts'
import { type Body, isBody } from './request.ts'

const TYPES = ['text', 'user', 'number', 'single-select', 'date', 'boolean', 'multi-choice'] as const
const OBJECTS = ['companies', 'deals'] as const
const LONGEST_LABEL = 50
/** Column names with a meaning of their own in imports. */
const RESERVED = ['company_id', 'deal_id', 'associated_contact', 'associated_deal', 'associated_company']

export type CrmAttributeType = (typeof TYPES)[number]
export type CrmObject = (typeof OBJECTS)[number]

export type CrmAttribute = {
  readonly id: string
  readonly objectType: CrmObject
  readonly internalName: string
  label: string
  readonly type: CrmAttributeType
  options: { key: string; value: string }[]
  readonly isRequired: boolean
  readonly isReadonly: boolean
  /** Came with the account: not to be changed or deleted. */
  readonly isStandard: boolean
}

export class CrmAttributeRegistry {
  readonly #attributes: CrmAttribute[] = standardAttributes()
  #made = 0

  all(objectType: CrmObject): CrmAttribute[] {
    return this.#attributes.filter((each) => each.objectType === objectType)
  }

  find(objectType: CrmObject, internalName: string): CrmAttribute | undefined {
    return this.all(objectType).find((each) => each.internalName === internalName)
  }

  create(body: Body, nowMs: number): CrmAttribute {
    const { attributeType, objectType } = body
    const type = TYPES.find((each) => each === attributeType)
    const object = OBJECTS.find((each) => each === objectType)
    if (!type || !object) throw notValidData()
    const label = this.#freeLabel(body.label, object)
    const hasOptions = type === 'single-select' || type === 'multi-choice'
    this.#made++
    const attribute: CrmAttribute = {
      id: toCrmId(nowMs, 'a0', this.#made),
      objectType: object,
      internalName: this.#freeName(toInternalName(label), object),
      label,
      type,
      options: hasOptions ? readOptions(body.optionsLabels) : [],
      isRequired: false,
      isReadonly: false,
      isStandard: false,
    }
    this.#attributes.push(attribute)
    return attribute
  }

  update(id: string, body: Body): void {
    const attribute = this.#own(id)
    if (body.objectType !== undefined && body.objectType !== attribute.objectType) throw notValidData()
    const label =
      body.label === undefined || body.label === attribute.label
        ? attribute.label
        : this.#freeLabel(body.label, attribute.objectType)
    if (body.optionsLabels !== undefined) {
      const options = body.optionsLabels
      if (attribute.options.length === 0 || !Array.isArray(options) || options.length === 0) {
        throw notValidData()
      }
      if (!options.every((each) => isBody(each) && isText(each.key) && isText(each.value)))
        throw notValidData()
      attribute.options = (options as CrmAttribute['options']).map(({ key, value }) => ({ key, value }))
    }
    attribute.label = label
  }

  /** Returns what is gone, so that its values can go too. */
  delete(id: string): CrmAttribute {
    const attribute = this.#own(id)
    this.#attributes.splice(this.#attributes.indexOf(attribute), 1)
    return attribute
  }

  #own(id: string): CrmAttribute {
    if (!isCrmId(id)) throw crmAttributeIdInvalid()
    const attribute = this.#attributes.find((each) => each.id === id)
    if (!attribute) throw documentNotFound()
    if (attribute.isStandard) throw notValidData()
    return attribute
  }

  /** Labels are unique for each kind of object, and internal names of the account's own attributes are reserved. */
  #freeLabel(label: unknown, objectType: CrmObject): string {
    if (!isText(label) || label.length > LONGEST_LABEL) throw notValidData()
    const name = toInternalName(label)
    const clashes = this.all(objectType).some(
      (each) =>
        each.label.toLowerCase() === label.toLowerCase() || (each.isStandard && each.internalName === name),
    )
    if (clashes || RESERVED.includes(name)) throw notValidData()
    return label
  }

  #freeName(wanted: string, objectType: CrmObject): string {
    const taken = new Set(this.all(objectType).map(({ internalName }) => internalName))
    for (let n = 1; ; n++) {
      const name = n === 1 ? wanted : `${wanted}_${n}`
      if (!taken.has(name)) return name
    }
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** How the vendor makes an internal name is not documented; a client must read it back. */
function toInternalName(label: string): string {
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return name === '' ? 'attribute' : name
}

function readOptions(labels: unknown): CrmAttribute['options'] {
  if (!Array.isArray(labels) || labels.length === 0 || !labels.every(isText)) throw notValidData()
  if (new Set(labels).size < labels.length) throw notValidData()
  return labels.map((value, index) => ({ key: `option_${index + 1}`, value }))
}

type StandardRow = [name: string, label: string, type: CrmAttributeType, isReadonly?: boolean]

/** Internal names from the vendor's examples of a company and a deal; labels but the first and the types are guesses. */
function standardAttributes(): CrmAttribute[] {
  const ofCompanies: StandardRow[] = [
    ['name', 'Company Name', 'text'],
    ['owner', 'Company owner', 'user'],
    ['domain', 'Domain', 'text'],
    ['industry', 'Industry', 'text'],
    ['phone_number', 'Phone number', 'text'],
    ['revenue', 'Revenue', 'number'],
    ['number_of_employees', 'Number of employees', 'number'],
    ['number_of_contacts', 'Number of contacts', 'number', true],
    ['created_at', 'Created at', 'date', true],
    ['last_updated_at', 'Last updated at', 'date', true],
    ['owner_assign_date', 'Owner assign date', 'date', true],
  ]
  const ofDeals: StandardRow[] = [
    ['deal_name', 'Deal Name', 'text'],
    ['deal_owner', 'Deal owner', 'user'],
    ['amount', 'Amount', 'number'],
    ['pipeline', 'Pipeline', 'text'],
    ['deal_stage', 'Deal stage', 'text'],
    ['number_of_contacts', 'Number of contacts', 'number', true],
    ['created_at', 'Created at', 'date', true],
    ['last_updated_date', 'Last updated at', 'date', true],
  ]
  const toAttributes = (rows: StandardRow[], objectType: CrmObject, kind: string): CrmAttribute[] =>
    rows.map(([internalName, label, type, isReadonly = false], index) => ({
      id: toCrmId(0, kind, index + 1),
      objectType,
      internalName,
      label,
      type,
      options: [],
      isRequired: index === 0,
      isReadonly,
      isStandard: true,
    }))
  return [...toAttributes(ofCompanies, 'companies', 'a1'), ...toAttributes(ofDeals, 'deals', 'a2')]
}
