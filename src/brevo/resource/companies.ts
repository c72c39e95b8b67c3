/** CRM companies: pages, single writes, links, imports. Never replaces the links of a company as a whole. */
import { TajoError } from '../../base/error.ts'
import type { BrevoCalls } from '../calls.ts'
import { refusal } from '../check-request.ts'
import type { BrevoClient, BrevoCompanyPageOptions } from '../client-face.ts'
import { companyImportForm } from '../company-import.ts'
import { ENDPOINTS } from '../endpoints.ts'
import { readRows } from '../read-records.ts'
import { type BrevoCompanyLinks, type BrevoCompanyPage, companySchema } from '../record/company.ts'
import { createdInCrm } from './account.ts'
import { assertChange, assertNotBlank, crmId } from './crm-changes.ts'
import { deleteOnce } from './delete-once.ts'

const { companies } = ENDPOINTS

/** The most that is known to be given; Brevo documents no maximum. */
const PAGE = 100

export function createCompanies(calls: BrevoCalls): BrevoClient['companies'] {
  return {
    page: (options = {}) => readPage(calls, options),
    pages: (options = {}) => readPages(calls, options),
    async create(company, options) {
      assertNotBlank(company, 'company')
      if (company.name === undefined) throw refusal('A company needs a name.')
      if (company.linkedContactsIds) assertIds(company.linkedContactsIds, 'linkedContactsIds')
      return createdInCrm(calls, companies.create, company, options)
    },
    async update(id, change, options) {
      assertChange(change, 'company', 'use companies.link, which adds and removes single ones')
      await calls.request(companies.update, {
        params: { id: crmId(id, 'company') },
        body: { json: change },
        options,
      })
    },
    async delete(id, options) {
      await deleteOnce(calls, companies.delete, { params: { id: crmId(id, 'company') }, options })
    },
    async link(id, links, options) {
      const body = linksBody(links)
      await calls.request(companies.link, {
        params: { id: crmId(id, 'company') },
        body: { json: body },
        options,
      })
    },
    async import(request, options) {
      const form = companyImportForm(request)
      const { body } = await calls.request(companies.import, { body: { form }, options })
      if (typeof body.processId === 'number') return { processId: body.processId }
      throw refusal(
        'Brevo accepted an import of companies without naming its process; look into the account before repeating it, for every row may create a company.',
      )
    },
  }
}

async function readPage(calls: BrevoCalls, options: BrevoCompanyPageOptions): Promise<BrevoCompanyPage> {
  const limit = Math.max(1, Math.min(PAGE, options.limit ?? PAGE))
  const page = Math.max(1, options.page ?? 1)
  const { body, serverTime } = await calls.request(companies.page, {
    query: {
      // Brevo does not say what it counts from; without the parameter the first page is certain.
      page: page === 1 ? undefined : page,
      limit,
      modifiedSince: options.modifiedSince?.toISOString(),
      sort: 'asc',
    },
    options,
  })
  const { items, unreadable } = readRows(body.items, companySchema)
  const isFull = items.length + unreadable.length >= limit
  return { items, page, nextPage: isFull ? page + 1 : null, serverTime, unreadable }
}

async function* readPages(
  calls: BrevoCalls,
  options: BrevoCompanyPageOptions,
): AsyncGenerator<BrevoCompanyPage> {
  const seen = new Set<string>()
  let next: number | null = options.page ?? 1
  while (next !== null) {
    const answer: BrevoCompanyPage = await readPage(calls, { ...options, page: next })
    const items = answer.items.filter((company) => !seen.has(company.id))
    if (answer.items.length > 0 && items.length === 0) throw pageRepeated(next)
    for (const company of items) seen.add(company.id)
    if (items.length + answer.unreadable.length > 0) yield { ...answer, items }
    next = answer.nextPage
  }
}

/** Ending here would pass part of the companies off as all of them. */
function pageRepeated(page: number): TajoError {
  return new TajoError({
    code: 'brevo_answer_invalid',
    message: `Brevo answered page ${page} of the companies with companies of earlier pages only; they are read again later.`,
    disposition: 'retry',
  })
}

function linksBody(links: BrevoCompanyLinks): BrevoCompanyLinks {
  const link = links.linkContactIds ?? []
  const unlink = links.unlinkContactIds ?? []
  assertIds(link, 'linkContactIds')
  assertIds(unlink, 'unlinkContactIds')
  if (link.length + unlink.length === 0) throw refusal('Name at least one contact to link or unlink.')
  const both = link.find((id) => unlink.includes(id))
  if (both !== undefined) throw refusal(`Contact ${both} is to be linked and unlinked at once; name it once.`)
  return {
    ...(link.length > 0 ? { linkContactIds: link } : {}),
    ...(unlink.length > 0 ? { unlinkContactIds: unlink } : {}),
  }
}

function assertIds(ids: readonly number[], name: string): void {
  const bad = ids.find((id) => !Number.isSafeInteger(id) || id < 1)
  if (bad !== undefined) throw refusal(`${name} holds ${bad}, which is no id of a contact.`)
}
