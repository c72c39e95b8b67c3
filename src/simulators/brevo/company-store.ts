/** The companies of the account in order of creation. Checks nothing: what may be written is decided by its callers. */

export type CompanyValue = string | number | boolean | string[]

export type Company = {
  readonly id: string
  name: string
  /** By internal name; options as keys. Neither the name nor what the account counts and stamps itself. */
  attributes: Record<string, CompanyValue>
  /** Contacts that were deleted since may be among them; ids of contacts are never given twice. */
  contactIds: Set<number>
  dealIds: Set<string>
  readonly createdAtMs: number
  updatedAtMs: number
}

export class CompanyStore {
  readonly #companies = new Map<string, Company>()
  #made = 0

  insert(name: string, atMs: number): Company {
    this.#made++
    const company: Company = {
      id: toCrmId(atMs, 'c0', this.#made),
      name,
      attributes: {},
      contactIds: new Set(),
      dealIds: new Set(),
      createdAtMs: atMs,
      updatedAtMs: atMs,
    }
    this.#companies.set(company.id, company)
    return company
  }

  get(id: string): Company | undefined {
    return this.#companies.get(id)
  }

  all(): Company[] {
    return [...this.#companies.values()]
  }

  delete(company: Company): void {
    this.#companies.delete(company.id)
  }
}

/** 24 hexadecimal digits: the second, two digits for the kind of thing, a count. */
export function toCrmId(atMs: number, kind: string, count: number): string {
  const seconds = Math.floor(atMs / 1000)
  return `${seconds.toString(16).padStart(8, '0')}${kind}${count.toString(16).padStart(14, '0')}`
}

export const isCrmId = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{24}$/.test(text)
