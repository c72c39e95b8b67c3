/** Companies that Brevo lacks: many by an import, few one by one. Whatever is sent is marked first, and never repeated unseen. */
import { TajoError } from '../../base/error.ts'
import {
  assignCompanyProcess,
  type CompanyRow,
  countCreations,
  dropCreating,
  dueCompanies,
  markCreating,
  readContactEmails,
  settleFound,
} from '../../store/index.ts'
import { type CompanyImportRow, createCompany, importCompanies } from '../destination/index.ts'
import { type CompanyStep, hardDelete, keepFailure, wantedOf } from './company-step.ts'
import { findCompanies } from './find-companies.ts'

/** From so many on, an import costs fewer requests than they would singly. */
const importFrom = 20
/** What two imports did not make is sent singly, so that Brevo's own words come back. */
const importTriesAtMost = 2
/** Brevo documents no most; our client allows eight megabytes. */
const importRowsAtMost = 5_000
const importBytesAtMost = 4_000_000
const singlesAtATime = 50

export async function createCompanies(step: CompanyStep): Promise<void> {
  const { store, connection } = step
  while ((await countCreations(store.db, connection, importTriesAtMost)) >= importFrom) {
    const sent = await sendImports(step)
    if (sent === 0) break
    await findCompanies(step)
  }
  await createSingly(step)
  // A creation whose answer was lost is settled at once where the hour allows.
  await findCompanies(step)
}

/** Returns how many rows were sent. */
async function sendImports(step: CompanyStep): Promise<number> {
  const { store, connection, signal } = step
  let after = 0
  let sent = 0
  for (;;) {
    signal?.throwIfAborted()
    const rows = (await due(step, after, importRowsAtMost)).filter((row) => row.attempts < importTriesAtMost)
    const last = rows[rows.length - 1]
    if (!last) return sent
    after = last.org_id
    const emails = await readContactEmails(
      store.db,
      connection,
      rows.flatMap((row) => row.contacts),
    )
    for (const chunk of chunksOf(rows, emails)) sent += await sendImport(step, chunk)
  }
}

type Chunk = { readonly ids: number[]; readonly rows: CompanyImportRow[] }

async function sendImport(step: CompanyStep, { ids, rows }: Chunk): Promise<number> {
  const { store, connection, brevo, plan, clock, signal, budget } = step
  budget.take()
  await markCreating(store.db, connection, { organizationIds: ids, by: 'import', at: clock.now() })
  try {
    const processId = await importCompanies(brevo, plan, rows, signal)
    await assignCompanyProcess(store.db, connection, ids, processId)
  } catch (error) {
    if (!(error instanceof TajoError)) throw error
    const isUncertain = 'applied' in error ? error.applied !== 'no' : error.disposition === 'reject'
    if (!isUncertain) {
      const unsent = error.disposition !== 'reject'
      await dropCreating(store.db, connection, { organizationIds: ids, unsent })
    }
    // Refused as a whole: the next try, then singly, tells which of them it is.
    if (error.disposition !== 'reject') throw error
  }
  return ids.length
}

function* chunksOf(rows: readonly CompanyRow[], emails: ReadonlyMap<number, string>): Generator<Chunk> {
  let chunk: Chunk = { ids: [], rows: [] }
  let bytes = 0
  for (const row of rows) {
    const item = {
      wanted: wantedOf(row),
      emails: row.contacts.flatMap((contact) => emails.get(contact) ?? []),
    }
    const size = Buffer.byteLength(JSON.stringify(item))
    if (bytes + size > importBytesAtMost && chunk.ids.length > 0) {
      yield chunk
      chunk = { ids: [], rows: [] }
      bytes = 0
    }
    chunk.ids.push(row.org_id)
    chunk.rows.push(item)
    bytes += size
  }
  if (chunk.ids.length > 0) yield chunk
}

async function createSingly(step: CompanyStep): Promise<void> {
  let after = 0
  for (;;) {
    const rows = await due(step, after, singlesAtATime)
    if (rows.length === 0) return
    for (const row of rows) {
      step.signal?.throwIfAborted()
      await createOne(step, row)
      after = row.org_id
    }
  }
}

async function createOne(step: CompanyStep, row: CompanyRow): Promise<void> {
  const { store, connection, brevo, plan, clock, signal, budget, tally } = step
  const ids = [row.org_id]
  budget.take()
  await markCreating(store.db, connection, { organizationIds: ids, by: 'single', at: clock.now() })
  const wanted = wantedOf(row)
  let outcome: Awaited<ReturnType<typeof createCompany>>
  try {
    outcome = await createCompany(brevo, plan, wanted, row.contacts, signal)
  } catch (error) {
    // Limits and refused credentials: it never was carried out.
    if (error instanceof TajoError)
      await dropCreating(store.db, connection, { organizationIds: ids, unsent: true })
    throw error
  }
  if (outcome.kind === 'created') {
    tally.created.add(row.org_id)
    tally.troubles = 0
    await settleFound(store.db, connection, [
      {
        org_id: row.org_id,
        company_id: outcome.companyId,
        written: row.fingerprint,
        written_names: Object.keys(wanted.attributes),
        linked: row.contacts,
        others: [],
      },
    ])
    return
  }
  if (outcome.kind === 'failed')
    await dropCreating(store.db, connection, { organizationIds: ids, unsent: true })
  await keepFailure(step, row, outcome.error)
}

function due(step: CompanyStep, after: number, limit: number): Promise<readonly CompanyRow[]> {
  return dueCompanies(step.store.db, step.connection, 'create', {
    hardDelete: hardDelete(step),
    after,
    limit,
  })
}
