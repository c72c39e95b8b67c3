/** Turns what happened into a report, and leaves the run so that the next one knows where it stands. */
import { TajoError } from '../base/error.ts'
import { isJsonObject, type JsonObject } from '../base/json.ts'
import { countEditOutcomes, countEvents, countOpenEdits, type RunRow, updateRun } from '../store/index.ts'
import { accountContacts, accountRest, type ContactAccount } from './account.ts'
import type { CompanyReport } from './companies.ts'
import type { DryRun } from './dry-run.ts'
import type { SyncReport, SyncStatus } from './report.ts'
import type { RunContext } from './run-context.ts'
import type { EventTally } from './send-events.ts'

export type Usage = () => SyncReport['requests']

/** What the clients have sent from now on. */
export function usageSince({ pipedrive, brevo }: RunContext): Usage {
  const [before, beforeBrevo] = [pipedrive.usage(), brevo.usage()]
  return () => {
    const [now, nowBrevo] = [pipedrive.usage(), brevo.usage()]
    return {
      pipedrive: { count: now.count - before.count, tokens: now.tokens - before.tokens },
      brevo: { count: nowBrevo.count - beforeBrevo.count },
    }
  }
}

/** What a pass did beside the contacts, which are counted from what is stored. */
export type PassResult = {
  /** Dry runs only. */
  readonly preview: DryRun | null
  /** Why changes for Pipedrive have to wait; null: they do not. */
  readonly halted: TajoError | null
  readonly events: EventTally
  /** Null when companies are switched off, or were not reached. */
  readonly companies: CompanyReport | null
}

export const nothingDone: PassResult = {
  preview: null,
  halted: null,
  events: { sent: 0, noContact: 0, failed: 0 },
  companies: null,
}

/** Reports the run. `goesOn`: a server sends the events that are open. An error that says nothing about the services (a defect, an abort) is thrown on after the run is marked. */
export async function endRun(
  context: RunContext,
  run: RunRow,
  done: PassResult,
  usage: Usage,
  error: unknown,
  goesOn: boolean,
): Promise<SyncReport> {
  const { store, connection, clock } = context
  const dry = done.preview
  const requests = addRequests(run.counters, usage())
  const finishedAt = clock.now()
  if (error !== null && !isOutcome(error)) {
    // Left as running, the next sync goes on with it; what never got to work has nothing to go on with.
    const unfit = error instanceof TajoError && error.code === 'settings_unfit'
    await updateRun(store.db, run.id, {
      counters: { requests } as unknown as JsonObject,
      ...(run.dry_run || unfit ? { status: 'incomplete', finished_at: finishedAt } : {}),
      ...(unfit ? { reason: error.message } : {}),
    })
    throw error
  }
  const account = await accountContacts(store, connection, run.id, dry?.planned ?? null)
  const rest = await accountRest(store, connection, run.id)
  const events = await countEvents(store.db, connection, null)
  const openEdits =
    run.dry_run || goesOn ? { open: 0, next: null } : await countOpenEdits(store.db, connection)
  const openEvents = run.dry_run || goesOn ? 0 : events.waiting + events.sent
  const verdict = judge(error as TajoError | null, account, {
    dry: run.dry_run,
    openEvents,
    openEdits,
    companies: done.companies,
  })
  const { unaccounted: _unaccounted, otherFailures: _otherFailures, ...contacts } = account
  const report: SyncReport = {
    run: run.id,
    mode: run.mode === 'full' ? 'full' : 'incremental',
    dryRun: run.dry_run,
    status: verdict.status,
    startedAt: run.started_at.toISOString(),
    finishedAt: finishedAt.toISOString(),
    resumeAt: verdict.resumeAt?.toISOString() ?? null,
    reason: verdict.reason,
    contacts,
    companies: toCompanies(done.companies),
    lists: dry?.lists ?? rest.lists,
    events: {
      sent: done.events.sent,
      no_contact: done.events.noContact,
      failed: done.events.failed,
    },
    persons: dry?.persons ?? (await countEditOutcomes(store.db, connection, run.id)),
    warnings: rest.warnings,
    requests,
    ...(dry ? { preview: dry.preview } : {}),
  }
  await updateRun(store.db, run.id, {
    status: verdict.status,
    stage: 'done',
    finished_at: finishedAt,
    resume_at: verdict.resumeAt,
    reason: verdict.reason,
    counters: report as unknown as JsonObject,
  })
  context.onProgress?.({ stage: 'done', what: 'contacts', done: contacts.read, total: contacts.read })
  return report
}

type RunVerdict = { status: SyncStatus; reason: string | null; resumeAt: Date | null }

function toCompanies(report: CompanyReport | null): SyncReport['companies'] {
  const { read, created, updated, unchanged, failed, waiting } = report ?? noCompanies
  return { read, created, updated, unchanged, failed, waiting }
}

const noCompanies = { read: 0, created: 0, updated: 0, unchanged: 0, failed: 0, waiting: 0 }

function judge(
  error: TajoError | null,
  account: ContactAccount,
  {
    dry,
    openEvents,
    openEdits,
    companies,
  }: {
    dry: boolean
    openEvents: number
    openEdits: { open: number; next: Date | null }
    companies: CompanyReport | null
  },
): RunVerdict {
  if (error?.disposition === 'pause')
    return { status: 'paused', reason: error.message, resumeAt: error.notBefore ?? null }
  if (error) return { status: 'incomplete', reason: error.message, resumeAt: error.notBefore ?? null }
  const reasons: string[] = []
  if (account.failed > 0)
    reasons.push(`${account.failed} person${account.failed === 1 ? '' : 's'} failed: see \`tajo failures\``)
  if (account.otherFailures > 0)
    reasons.push(
      `${account.otherFailures} other record${account.otherFailures === 1 ? '' : 's'} failed: see \`tajo failures\``,
    )
  if (account.unaccounted !== 0 && !dry)
    reasons.push(`${account.unaccounted} persons are not accounted for; run the sync again`)
  if (openEvents > 0) reasons.push(`${openEvents} event${openEvents === 1 ? '' : 's'} could not be sent yet`)
  if (openEdits.open > 0)
    reasons.push(
      `${openEdits.open} change${openEdits.open === 1 ? '' : 's'} could not be written to Pipedrive yet`,
    )
  const resumeAt = companies?.resumeAt ?? null
  if (companies && resumeAt !== null) {
    const why = companies.reason ? ` (${companies.reason})` : ''
    reasons.push(`${companies.waiting + companies.toRemove} companies wait${why}; run the sync again later`)
  }
  return reasons.length === 0
    ? { status: 'complete', reason: null, resumeAt: null }
    : { status: 'incomplete', reason: reasons.join('; '), resumeAt: resumeAt ?? openEdits.next }
}

/** A service that refuses or is away is a result; unfit settings, trouble with our own store and defects are not. */
function isOutcome(error: unknown): error is TajoError {
  return error instanceof TajoError && /^(pipedrive|brevo)_/.test(error.code)
}

function addRequests(earlier: JsonObject, now: SyncReport['requests']): SyncReport['requests'] {
  const before = isJsonObject(earlier.requests)
    ? (earlier.requests as unknown as SyncReport['requests'])
    : null
  if (before === null) return now
  return {
    pipedrive: {
      count: now.pipedrive.count + before.pipedrive.count,
      tokens: now.pipedrive.tokens + before.pipedrive.tokens,
    },
    brevo: { count: now.brevo.count + before.brevo.count },
  }
}
