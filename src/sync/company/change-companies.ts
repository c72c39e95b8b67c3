/** Companies that Brevo has: what differs is written in one request, links that differ in another; what nobody wants goes. */
import {
  askLinks,
  type CompanyRow,
  type CompanyWork,
  dueCompanies,
  forgetCompany,
  settleLinks,
  settleWritten,
} from '../../store/index.ts'
import { type CompanyOutcome, deleteCompany, linkCompany, updateCompany } from '../destination/index.ts'
import { attributesToClear } from '../projection/index.ts'
import { type CompanyStep, hardDelete, keepFailure, wantedOf } from './company-step.ts'

const rowsAtATime = 50

export function changeCompanies(step: CompanyStep): Promise<void> {
  return eachDue(step, 'change', changeOne)
}

/** Soft: our links go and the company stays. Hard: a company that Tajo wrote goes with them. */
export function removeCompanies(step: CompanyStep): Promise<void> {
  return eachDue(step, 'remove', removeOne)
}

async function eachDue(
  step: CompanyStep,
  work: CompanyWork,
  act: (step: CompanyStep, row: CompanyRow) => Promise<void>,
): Promise<void> {
  const { store, connection, signal } = step
  let after = 0
  for (;;) {
    const options = { hardDelete: hardDelete(step), after, limit: rowsAtATime }
    const rows = await dueCompanies(store.db, connection, work, options)
    if (rows.length === 0) return
    for (const row of rows) {
      signal?.throwIfAborted()
      await act(step, row)
      after = row.org_id
    }
  }
}

async function changeOne(step: CompanyStep, row: CompanyRow): Promise<void> {
  const { tally } = step
  const written = row.written === row.fingerprint || (await writeOne(step, row))
  if (!written) return
  if (!(await linkOne(step, row))) return
  if (!tally.created.has(row.org_id)) tally.updated.add(row.org_id)
}

async function writeOne(step: CompanyStep, row: CompanyRow): Promise<boolean> {
  const { store, connection, brevo, plan, signal, budget } = step
  const wanted = wantedOf(row)
  const clear = attributesToClear(wanted, row.keep, row.written_names, plan)
  budget.take()
  const outcome = await updateCompany(brevo, plan, row.company_id ?? '', { wanted, clear }, signal)
  if (!(await isAccepted(step, row, outcome))) return false
  const kept = row.written_names.filter((name) => row.keep.includes(name))
  await settleWritten(store.db, connection, {
    organizationId: row.org_id,
    written: row.fingerprint ?? '',
    names: [...new Set([...Object.keys(wanted.attributes), ...kept])],
  })
  return true
}

/** Adds and removes single links; those that somebody else made are never named. */
async function linkOne(step: CompanyStep, row: CompanyRow): Promise<boolean> {
  const { store, connection, brevo, signal, budget } = step
  const { contacts, linked, asked, others } = row
  const link = contacts.filter((contact) => !linked.includes(contact) && !others.includes(contact))
  const unlink = [...new Set([...linked, ...asked])].filter((contact) => !contacts.includes(contact))
  if (link.length + unlink.length > 0) {
    budget.take()
    await askLinks(store.db, connection, row.org_id, link)
    const company = { companyId: row.company_id ?? '', name: row.name }
    if (!(await isAccepted(step, row, await linkCompany(brevo, company, { link, unlink }, signal))))
      return false
  }
  const ours = [...linked.filter((contact) => contacts.includes(contact)), ...link]
  await settleLinks(store.db, connection, row.org_id, ours)
  return true
}

async function removeOne(step: CompanyStep, row: CompanyRow): Promise<void> {
  const { store, connection, brevo, signal, budget, tally } = step
  if (hardDelete(step) && row.written !== null) {
    budget.take()
    const outcome = await deleteCompany(brevo, row.company_id ?? '', signal)
    // Gone already is what was wanted; `isAccepted` has forgotten it then.
    if (await isAccepted(step, row, outcome)) await forgetCompany(store.db, connection, row.org_id)
    else if (outcome.kind !== 'gone') return
  } else if (!(await linkOne(step, row))) return
  tally.removed += 1
}

async function isAccepted(step: CompanyStep, row: CompanyRow, outcome: CompanyOutcome): Promise<boolean> {
  if (outcome.kind === 'accepted') {
    step.tally.troubles = 0
    return true
  }
  // The next turn creates it anew: it changed here since it was deleted there.
  if (outcome.kind === 'gone') await forgetCompany(step.store.db, step.connection, row.org_id)
  else await keepFailure(step, row, outcome.error)
  return false
}
