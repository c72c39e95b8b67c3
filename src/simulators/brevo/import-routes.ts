/** `POST /contacts/import`: checks the order, queues it, answers 202. The rows are handled in contact-import.ts. */
import type { Hono } from 'hono'
import { type ImportRow, runImport } from './contact-import.ts'
import { parseCsv } from './csv.ts'
import { invalidParameter, missingParameter } from './refusal.ts'
import { type Body, readBody } from './request.ts'
import type { BrevoWorld } from './world.ts'

const MOST_BYTES = 10 * 1024 * 1024
const FLAGS = [
  'updateExistingContacts',
  'emptyContactsAttributes',
  'emailBlacklist',
  'smsBlacklist',
  'disableNotification',
]

export function importRoutes(app: Hono, world: BrevoWorld): void {
  app.post('/contacts/import', async (c) => {
    const body = await readBody(c)
    for (const flag of FLAGS) {
      if (body[flag] !== undefined && typeof body[flag] !== 'boolean') {
        throw invalidParameter(`Invalid ${flag} format`)
      }
    }
    const { rows, source } = readRows(body, Number(c.req.header('content-length') ?? Infinity))
    const order = {
      rows,
      source,
      listIds: targetLists(body, world),
      updateExisting: body.updateExistingContacts !== false,
      emptyErases: body.emptyContactsAttributes === true,
      emailBlacklist: body.emailBlacklist === true,
      smsBlacklist: body.smsBlacklist === true,
    }
    const apiKeyName = world.switches.importNamesKey ? world.actor.apiKeyName : ''
    const broken = world.nextImport
    world.nextImport = null
    const { baseMs, perRowUs } = world.switches.importTime
    const process = world.processes.add(
      {
        name: 'IMPORTUSER',
        durationMs: baseMs + (rows.length * perRowUs) / 1000,
        outcome: broken?.outcome ?? 'completed',
        work: (atMs) => {
          const applied = broken ? rows.slice(0, broken.rows) : rows
          const reports = world.actor.as(apiKeyName, () =>
            runImport({ ...order, rows: applied }, world, atMs),
          )
          return broken ? null : reports
        },
      },
      world.nowMs(),
    )
    if (typeof body.notifyUrl === 'string') {
      world.notify(body.notifyUrl, { processId: process.id }, process.endsAtMs)
    }
    return c.json({ processId: process.id }, 202)
  })
}

/** Exactly one of jsonBody and fileBody; the simulator fetches no fileUrl. */
function readRows(body: Body, requestBytes: number): { rows: ImportRow[]; source: 'json' | 'csv' } {
  const given = ['fileUrl', 'fileBody', 'jsonBody'].filter((name) => body[name] !== undefined)
  if (given.length === 0) throw missingParameter('fileUrl, fileBody or jsonBody is missing')
  if (given.length > 1) throw invalidParameter('Pass only one of fileUrl, fileBody and jsonBody')
  if (given[0] === 'fileUrl') throw invalidParameter('fileUrl could not be fetched')
  if (given[0] === 'fileBody') {
    if (typeof body.fileBody !== 'string') throw invalidParameter('Invalid fileBody format')
    refuseLarge(Buffer.byteLength(body.fileBody), 'fileBody')
    return { rows: rowsOfCsv(body.fileBody), source: 'csv' }
  }
  const rows = body.jsonBody
  const isRow = (row: unknown): boolean => typeof row === 'object' && row !== null && !Array.isArray(row)
  if (!Array.isArray(rows) || rows.length === 0 || !rows.every(isRow)) {
    throw invalidParameter('Invalid jsonBody format')
  }
  if (requestBytes > MOST_BYTES) refuseLarge(Buffer.byteLength(JSON.stringify(rows)), 'jsonBody')
  return { rows: rows as ImportRow[], source: 'json' }
}

function refuseLarge(bytes: number, name: string): void {
  if (bytes > MOST_BYTES) throw invalidParameter(`${name} size exceeds the limit of 10MB`)
}

function rowsOfCsv(text: string): ImportRow[] {
  const [header, ...lines] = parseCsv(text.replace(/^\uFEFF/, ''))
  const names = (header ?? []).map((name) => name.trim().toUpperCase())
  if (!names.some((name) => ['EMAIL', 'SMS', 'EXT_ID', 'WHATSAPP', 'LANDLINE_NUMBER'].includes(name))) {
    throw invalidParameter('Invalid fileBody format')
  }
  return lines.map((cells) => {
    const attributes = Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
    return { attributes }
  })
}

/** The lists every row is put on; one is mandatory. A `newList` is made here and now. */
function targetLists(body: Body, world: BrevoWorld): number[] {
  const listIds = body.listIds ?? []
  if (!Array.isArray(listIds) || !listIds.every(Number.isSafeInteger)) {
    throw invalidParameter('Invalid listIds format')
  }
  if (!listIds.every((id) => world.lists.hasList(id))) throw invalidParameter('List ID does not exist')
  if (body.newList === undefined) {
    if (listIds.length === 0) throw missingParameter('listIds or newList is missing')
    return listIds
  }
  const { listName, folderId } = (body.newList ?? {}) as Body
  if (typeof listName !== 'string' || listName === '') throw missingParameter('listName is missing')
  if (!Number.isSafeInteger(folderId)) throw missingParameter('folderId is missing')
  const list = world.lists.createList(listName, folderId as number, world.nowMs())
  return [...listIds, list.id]
}
