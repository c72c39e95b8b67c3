/**
 * `POST /companies/import` (https://developers.brevo.com/reference/import-companies-creation-and-updation): CSV rows
 * that update by company_id or create. It never matches by name, and reports nothing about rows it leaves out.
 */
import type { Hono } from 'hono'
import { applyCompanyChange, type CompanyChange } from './company-change.ts'
import type { Company } from './company-store.ts'
import { toCompanyValue } from './company-values.ts'
import { lookUp } from './contact-views.ts'
import { parseCsv } from './csv.ts'
import { BrevoRefusal, crmRefusal } from './refusal.ts'
import { type Body, isBody } from './request.ts'
import type { BrevoWorld } from './world.ts'

type Row = Record<string, string>
/** What is left out of the mapping counts as false: its defaults are not documented. */
type Mapping = { links: boolean; unlinks: boolean; updates: boolean; empties: boolean }

const badRequest = (reason: string): BrevoRefusal => crmRefusal(400, `Bad request : ${reason}`)

export function companyImportRoutes(app: Hono, world: BrevoWorld): void {
  app.post('/companies/import', async (c) => {
    const isForm = c.req.header('content-type')?.startsWith('multipart/form-data')
    if (!isForm) throw badRequest('a multipart form is expected')
    const { file, mapping } = await c.req.parseBody()
    if (!(file instanceof File)) throw badRequest('file is missing')
    const rows = readRows(await file.text())
    const wanted = readMapping(mapping)
    const broken = world.nextImport
    world.nextImport = null
    const { baseMs, perRowUs } = world.switches.importTime
    const process = world.processes.add(
      {
        // The vendor's list of process names has none for companies.
        name: 'IMPORT_COMPANIES',
        durationMs: baseMs + (rows.length * perRowUs) / 1000,
        outcome: broken?.outcome ?? 'completed',
        work: (atMs) => {
          for (const row of broken ? rows.slice(0, broken.rows) : rows) importRow(row, wanted, world, atMs)
          return null
        },
      },
      world.nowMs(),
    )
    return c.json({ processId: process.id })
  })
}

/** The first line names the columns; commas or semicolons, whichever it has: which one is meant is not documented. */
function readRows(text: string): Row[] {
  const body = text.replace(/^\uFEFF/, '')
  const firstLine = body.split('\n', 1)[0] ?? ''
  const [header, ...lines] = parseCsv(body, firstLine.includes(';') ? ';' : ',')
  if (!header || lines.length === 0) throw badRequest('file has no rows')
  const names = header.map((name) => name.trim())
  return lines.map((cells) =>
    Object.fromEntries(names.map((name, index) => [name, (cells[index] ?? '').trim()])),
  )
}

function readMapping(raw: unknown): Mapping {
  let mapping: Body = {}
  if (raw !== undefined) {
    try {
      const read: unknown = JSON.parse(String(raw))
      if (!isBody(read)) throw badRequest('mapping is not valid')
      mapping = read
    } catch {
      throw badRequest('mapping is not valid')
    }
  }
  return {
    links: mapping.link_entities === true,
    unlinks: mapping.unlink_entities === true,
    updates: mapping.update_existing_records === true,
    empties: mapping.unset_empty_attributes === true,
  }
}

/** A company_id that nobody has creates too; a row that would create without a name is left out. */
function importRow(row: Row, mapping: Mapping, world: BrevoWorld, atMs: number): void {
  const known = mapping.updates ? world.companies.get(row.company_id ?? '') : undefined
  if (!known && !row.name) return
  const company = known ?? world.companies.insert(row.name as string, atMs)
  const change: CompanyChange = { attributes: new Map() }
  if (row.name) change.name = row.name
  for (const [name, text] of Object.entries(row)) {
    const attribute = world.crmAttributes.find('companies', name)
    if (!attribute || attribute.isReadonly || name === 'name') continue
    if (text === '') {
      if (known && mapping.empties) change.attributes.set(name, undefined)
      continue
    }
    const value = toCompanyValue(attribute, text, true)
    if (value !== undefined) change.attributes.set(name, value)
  }
  applyCompanyChange(company, change, atMs)
  moveLinks(company, row, mapping, world)
}

/** `associated_contact`: ids or emails; what names nobody is left out. */
function moveLinks(company: Company, row: Row, { links, unlinks }: Mapping, world: BrevoWorld): void {
  for (const text of split(row.associated_contact)) {
    const id = contactId(text, world)
    if (id === undefined) continue
    if (links) company.contactIds.add(id)
    else if (unlinks) company.contactIds.delete(id)
  }
  for (const id of split(row.associated_deal)) {
    if (links) company.dealIds.add(id)
    else if (unlinks) company.dealIds.delete(id)
  }
}

const split = (text = ''): string[] => text.split(/[,|]/).flatMap((each) => each.trim() || [])

function contactId(text: string, world: BrevoWorld): number | undefined {
  try {
    return lookUp(world, text, undefined).id
  } catch (error) {
    if (error instanceof BrevoRefusal) return undefined
    throw error
  }
}
