/**
 * Looks in Brevo before anything is created: companies that carry our ids already, and creations of which nobody knows
 * what came. A reading goes on where an earlier one had to stop, and nothing is created until it has ended.
 */
import { TajoError } from '../../base/error.ts'
import {
  countCreations,
  type Db,
  dropCreating,
  type FoundCompany,
  readCompanies,
  readCompanyReading,
  readConnection,
  settleFound,
  uncertainCompanies,
  updateCompanyReading,
} from '../../store/index.ts'
import { readImportStates } from '../destination/index.ts'
import { readCompanyPage } from '../feedback/index.ts'
import type { Company } from '../model/index.ts'
import { isSameCompany } from '../projection/index.ts'
import { type CompanyStep, wantedOf } from './company-step.ts'

/** Allowed for between our clock and Brevo's, where Brevo's is not known. */
const clockSkewMs = 10 * 60_000
/** A request that was cut off may still be carried out for a moment. */
const afterglowMs = 3_000
/** How often to ask whether an import is done; after the last time it is left to the next turn. */
const pollDelaysMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
const importRestMs = 60_000

/** Leaves no creation uncertain, and no company that carries our ids unknown. Throws `brevo_limited` where it has to stop. */
export async function findCompanies(step: CompanyStep): Promise<void> {
  const { store, connection, clock, signal } = step
  const uncertain = await uncertainCompanies(store.db, connection)
  let reading = await readCompanyReading(store.db, connection)
  if (reading.reading_page === null) {
    const adopt = reading.adopted_at === null && (await countCreations(store.db, connection, 1e9)) > 0
    if (uncertain.count === 0 && !adopt) return
    if (uncertain.count > 0) {
      await awaitCompanyImports(step, uncertain.processIds, uncertain.unnamed > 0)
      const quietAt = (uncertain.lastAt?.getTime() ?? 0) + afterglowMs
      await clock.sleep(Math.min(afterglowMs, quietAt - clock.now().getTime()), signal)
    }
    const since = adopt ? null : await lookBackFrom(step, uncertain.firstAt)
    await updateCompanyReading(store.db, connection, {
      reading_page: 1,
      reading_since: since,
      reading_round: 1,
    })
    reading = await readCompanyReading(store.db, connection)
  }
  await readToEnd(step, reading.reading_page ?? 1, reading.reading_since, reading.reading_round)
}

/** By Brevo's own clock where it is known: nothing was sent before its contacts were read. */
async function lookBackFrom({ store, connection }: CompanyStep, firstAt: Date | null): Promise<Date> {
  const { known_until } = await readConnection(store.db, connection)
  const sentMs = firstAt?.getTime() ?? 0
  return new Date(Math.min(sentMs - clockSkewMs, known_until?.getTime() ?? Number.POSITIVE_INFINITY))
}

async function readToEnd(
  step: CompanyStep,
  firstPage: number,
  since: Date | null,
  firstRound: number,
): Promise<void> {
  const { store, connection, brevo, plan, clock, signal, budget } = step
  let page = firstPage
  let round = firstRound
  for (;;) {
    signal?.throwIfAborted()
    budget.take()
    const { companies, nextPage } = await readCompanyPage(brevo, plan, { page, since, signal })
    await store.transaction(async (trx) => {
      const found = await matchPage(trx, step, companies)
      await settleFound(trx, connection, found)
      await updateCompanyReading(trx, connection, { reading_page: nextPage })
    })
    if (nextPage !== null) {
      page = nextPage
      continue
    }
    // A company that was deleted meanwhile shifts the pages, and may have hidden another one: absence is proved twice.
    const open = (await uncertainCompanies(store.db, connection)).count
    const unseen = since === null ? open + (await countCreations(store.db, connection, 1e9)) : open
    if (unseen === 0 || page === 1 || round > 1) break
    page = 1
    round = 2
    await updateCompanyReading(store.db, connection, { reading_page: 1, reading_round: 2 })
  }
  await store.transaction(async (trx) => {
    await dropCreating(trx, connection, { organizationIds: null, unsent: false })
    await updateCompanyReading(trx, connection, {
      reading_page: null,
      reading_since: null,
      ...(since === null ? { adopted_at: clock.now() } : {}),
    })
  })
}

async function matchPage(trx: Db, step: CompanyStep, companies: readonly Company[]): Promise<FoundCompany[]> {
  const { connection, plan, tally } = step
  const ours = new Map<number, Company>()
  for (const company of companies) {
    const id = company.organizationId
    if (id !== null && !ours.has(id)) ours.set(id, company)
  }
  const rows = await readCompanies(trx, connection, [...ours.keys()])
  const rowOf = new Map(rows.map((row) => [row.org_id, row]))
  return [...ours].flatMap(([id, company]): FoundCompany[] => {
    const row = rowOf.get(id)
    if (row && row.company_id !== null) return []
    const isCreated = row !== undefined && row.creating_at !== null
    const same = row !== undefined && row.fingerprint !== null && isSameCompany(wantedOf(row), company)
    const linked = company.contacts.filter((contact) => isCreated && row.asked.includes(contact))
    if (isCreated) tally.created.add(id)
    return [
      {
        org_id: id,
        company_id: company.companyId,
        // What we made and differs is written anew; '' equals no wanted state.
        written: same ? row.fingerprint : isCreated ? '' : null,
        // A company that we made has its values from us; whose they are on another nobody knows.
        written_names: isCreated
          ? plan.mapped.map(({ name }) => name).filter((name) => Object.hasOwn(company.attributes, name))
          : [],
        linked,
        others: company.contacts.filter((contact) => !linked.includes(contact)),
      },
    ]
  })
}

async function awaitCompanyImports(
  step: CompanyStep,
  processIds: readonly number[],
  andOthers: boolean,
): Promise<void> {
  if (processIds.length === 0 && !andOthers) return
  const { brevo, clock, signal, budget } = step
  for (const delayMs of pollDelaysMs) {
    await clock.sleep(delayMs, signal)
    budget.take()
    if ((await readImportStates(brevo, processIds, andOthers, signal)).running.length === 0) return
  }
  throw new TajoError({
    code: 'brevo_import_slow',
    disposition: 'retry',
    message: 'Brevo has not finished the import of companies yet; companies go on once it has.',
    notBefore: new Date(clock.now().getTime() + importRestMs),
  })
}
