/** What Brevo's companies still need, what was sent, and what came of it. */
import { sql } from 'kysely'
import type { JsonObject } from '../base/json.ts'
import { anyOf, type Db, rowsAs } from './db.ts'

export type CompanyRow = {
  org_id: number
  name: string | null
  attributes: JsonObject | null
  keep: string[]
  fingerprint: string | null
  contacts: number[]
  company_id: string | null
  written: string | null
  written_names: string[]
  linked: number[]
  asked: number[]
  others: number[]
  creating_at: Date | null
  creating_by: string | null
  process_id: number | null
  attempts: number
  /** What it is to be brought to: a failure at it is not tried again. */
  due: string
}

const due = sql.raw(`coalesce(c.fingerprint, '') || '/' || md5(c.contacts::text)`)
const row = sql`c.org_id, c.name, c.attributes, c.keep, c.fingerprint, c.contacts, c.company_id, c.written, c.written_names,
  c.linked, c.asked, c.others, c.creating_at, c.creating_by, c.process_id, c.attempts, ${due} as due`

const inStep = sql.raw(`(c.company_id is not null and c.written is not distinct from c.fingerprint
  and (c.linked || c.others) @> c.contacts and c.contacts @> (c.linked || c.asked))`)

/** With `hard`, companies that Tajo wrote and nobody wants any more are to be deleted, not only unlinked. */
const needsRemoval = (
  hard: boolean,
) => sql`(c.fingerprint is null and c.problem is null and c.company_id is not null
  and ((c.linked || c.asked) <> '{}' or (${hard} and c.written is not null)))`

const failedHere = sql`exists (select 1 from failures f where f.connection = c.connection and f.entity = 'company'
  and f.record_id = c.org_id::text and f.fingerprint = ${due})`
const givenUp = sql`exists (select 1 from failures f where f.connection = c.connection and f.entity = 'company'
  and f.record_id = c.org_id::text and f.fingerprint = ${due} and (f.disposition = 'reject' or f.discarded))`

/** `create`: Brevo has none. `change`: it has one that differs. `remove`: it has one that nobody wants. */
export type CompanyWork = 'create' | 'change' | 'remove'

const workCondition = {
  create: () => sql`c.fingerprint is not null and c.company_id is null and c.creating_at is null`,
  change: () => sql`c.fingerprint is not null and c.company_id is not null and not ${inStep}`,
  remove: needsRemoval,
} as const

/** Companies with this work, in order of their organizations; those that failed as they are are left out. */
export async function dueCompanies(
  db: Db,
  connection: string,
  work: CompanyWork,
  options: { hardDelete: boolean; after: number; limit: number },
): Promise<readonly CompanyRow[]> {
  const result = await sql<CompanyRow>`select ${row} from companies c where c.connection = ${connection}
    and ${workCondition[work](options.hardDelete)} and not ${givenUp} and c.org_id > ${options.after}
    order by c.org_id limit ${options.limit}`.execute(db)
  return result.rows
}

/** Companies to be created that were sent at most so often before. */
export async function countCreations(db: Db, connection: string, attemptsBelow: number): Promise<number> {
  const result = await sql<{ count: number }>`select count(*) as count from companies c
    where c.connection = ${connection} and ${workCondition.create()} and not ${givenUp} and c.attempts < ${attemptsBelow}`.execute(
    db,
  )
  return result.rows[0]?.count ?? 0
}

export async function readCompanies(
  db: Db,
  connection: string,
  organizationIds: readonly number[],
): Promise<readonly CompanyRow[]> {
  if (organizationIds.length === 0) return []
  const result = await sql<CompanyRow>`select ${row} from companies c where c.connection = ${connection}
    and c.org_id = ${anyOf(organizationIds, 'bigint')}`.execute(db)
  return result.rows
}

/** Creations of which nobody knows what came. */
export async function uncertainCompanies(
  db: Db,
  connection: string,
): Promise<{
  count: number
  firstAt: Date | null
  lastAt: Date | null
  processIds: number[]
  unnamed: number
}> {
  const result = await sql<{
    count: number
    firstAt: Date | null
    lastAt: Date | null
    processIds: number[]
    unnamed: number
  }>`select count(*) as count, min(creating_at) as "firstAt", max(creating_at) filter (where process_id is null) as "lastAt",
      coalesce(array_agg(distinct process_id) filter (where process_id is not null), '{}') as "processIds",
      count(*) filter (where creating_by = 'import' and process_id is null) as unnamed
    from companies where connection = ${connection} and creating_at is not null`.execute(db)
  return result.rows[0] ?? { count: 0, firstAt: null, lastAt: null, processIds: [], unnamed: 0 }
}

/** Before the request: from here on Brevo may have these companies, and the links that are asked for with them. */
export async function markCreating(
  db: Db,
  connection: string,
  sent: { organizationIds: readonly number[]; by: 'import' | 'single'; at: Date },
): Promise<void> {
  await sql`update companies set creating_at = ${sent.at}::timestamptz, creating_by = ${sent.by}, process_id = null,
      asked = contacts, attempts = attempts + 1
    where connection = ${connection} and org_id = ${anyOf(sent.organizationIds, 'bigint')}`.execute(db)
}

export async function assignCompanyProcess(
  db: Db,
  connection: string,
  organizationIds: readonly number[],
  processId: number,
): Promise<void> {
  await sql`update companies set process_id = ${processId} where connection = ${connection} and creating_at is not null
    and org_id = ${anyOf(organizationIds, 'bigint')}`.execute(db)
}

/**
 * Brevo has none of these: they may be sent again. `organizationIds` null: all whose creation is uncertain. `unsent`: the
 * request never was carried out, and does not count as a try.
 */
export async function dropCreating(
  db: Db,
  connection: string,
  { organizationIds, unsent }: { organizationIds: readonly number[] | null; unsent: boolean },
): Promise<void> {
  await sql`update companies set creating_at = null, creating_by = null, process_id = null, asked = '{}',
      attempts = attempts - ${unsent ? 1 : 0}
    where connection = ${connection} and creating_at is not null
      ${organizationIds ? sql`and org_id = ${anyOf(organizationIds, 'bigint')}` : sql``}`.execute(db)
  await sql`delete from companies where connection = ${connection} and fingerprint is null and problem is null
    and company_id is null and creating_at is null`.execute(db)
}

export type FoundCompany = {
  org_id: number
  company_id: string
  /** The wanted state it was found equal to; null when it differs. */
  written: string | null
  written_names: readonly string[]
  linked: readonly number[]
  others: readonly number[]
}

/** Brevo has these companies. One organization has one company, and one company one organization: who came first stays. */
export async function settleFound(db: Db, connection: string, rows: readonly FoundCompany[]): Promise<void> {
  if (rows.length === 0) return
  const columns =
    'org_id bigint, company_id text, written text, written_names jsonb, linked jsonb, others jsonb'
  const ids = (column: string) =>
    sql.raw(`array(select v::bigint from jsonb_array_elements_text(r.${column}) v)`)
  await sql`insert into companies as c (connection, org_id, company_id, written, written_names, linked, others)
    select ${connection}, r.org_id, r.company_id, r.written, array(select jsonb_array_elements_text(r.written_names)),
      ${ids('linked')}, ${ids('others')}
    from ${rowsAs(rows, columns)}
    where not exists (select 1 from companies e where e.connection = ${connection} and e.company_id = r.company_id)
    on conflict (connection, org_id) do update set company_id = excluded.company_id, written = excluded.written,
      written_names = excluded.written_names, linked = excluded.linked, others = excluded.others, asked = '{}',
      creating_at = null, creating_by = null, process_id = null, attempts = 0
    where c.company_id is null`.execute(db)
}

/** Brevo took the name and attributes. */
export async function settleWritten(
  db: Db,
  connection: string,
  done: { organizationId: number; written: string; names: readonly string[] },
): Promise<void> {
  await sql`update companies set written = ${done.written}, written_names = ${[...done.names]}::text[]
    where connection = ${connection} and org_id = ${done.organizationId}`.execute(db)
}

/** Before the request: Brevo may have these links from here on, and they are ours. */
export async function askLinks(
  db: Db,
  connection: string,
  organizationId: number,
  contactIds: readonly number[],
): Promise<void> {
  await sql`update companies set asked = array(select unnest(asked) union select unnest(${[...contactIds]}::bigint[]) order by 1)
    where connection = ${connection} and org_id = ${organizationId}`.execute(db)
}

/** Exactly these of its links are ours now. */
export async function settleLinks(
  db: Db,
  connection: string,
  organizationId: number,
  linked: readonly number[],
): Promise<void> {
  await sql`update companies set linked = ${[...linked]}::bigint[], asked = '{}'
    where connection = ${connection} and org_id = ${organizationId}`.execute(db)
}

/** Brevo has the company no more. What is still wanted will be created anew. */
export async function forgetCompany(db: Db, connection: string, organizationId: number): Promise<void> {
  await sql`update companies set company_id = null, written = null, written_names = '{}', linked = '{}', asked = '{}',
      others = '{}', attempts = 0
    where connection = ${connection} and org_id = ${organizationId}`.execute(db)
  await sql`delete from companies where connection = ${connection} and org_id = ${organizationId}
    and fingerprint is null and problem is null and creating_at is null`.execute(db)
}

/** Failures say nothing any more once the company is as wanted, or not wanted and gone. */
export async function clearCompanyFailures(db: Db, connection: string, hardDelete: boolean): Promise<void> {
  await sql`delete from failures f where f.connection = ${connection} and f.entity = 'company' and not exists (
    select 1 from companies c where c.connection = f.connection and c.org_id::text = f.record_id
      and ((c.fingerprint is not null and not ${inStep}) or ${needsRemoval(hardDelete)}))`.execute(db)
}

export type CompanyCounts = {
  /** Wanted companies: in step, failed, discarded by a person, or waiting. */
  wanted: number
  in_step: number
  failed: number
  discarded: number
  /** Organizations with contacts and without a name. */
  no_name: number
  /** Companies that nobody wants any more and that still have our links. */
  to_remove: number
  /** Warnings of wanted companies. */
  warnings: number
}

export async function countCompanies(
  db: Db,
  connection: string,
  hardDelete: boolean,
): Promise<CompanyCounts> {
  const discarded = sql`exists (select 1 from failures f where f.connection = c.connection and f.entity = 'company'
    and f.record_id = c.org_id::text and f.fingerprint = ${due} and f.discarded)`
  const result = await sql<CompanyCounts>`
    with t as (select c.fingerprint is not null as wanted, ${inStep} as in_step, ${discarded} as discarded, ${failedHere} as failed,
        c.problem, ${needsRemoval(hardDelete)} as removal, jsonb_array_length(c.warnings) as warnings
      from companies c where c.connection = ${connection})
    select count(*) filter (where wanted) as wanted,
      count(*) filter (where wanted and in_step) as in_step,
      count(*) filter (where wanted and not in_step and failed and not discarded) as failed,
      count(*) filter (where wanted and not in_step and discarded) as discarded,
      count(*) filter (where problem = 'no_name') as no_name,
      count(*) filter (where removal and not discarded) as to_remove,
      coalesce(sum(warnings) filter (where wanted), 0)::bigint as warnings
    from t`.execute(db)
  return result.rows[0] as CompanyCounts
}

/** How many of these organizations have a company that is as wanted. */
export async function countInStepOf(
  db: Db,
  connection: string,
  organizationIds: readonly number[],
): Promise<number> {
  const result = await sql<{
    count: number
  }>`select count(*) as count from companies c where c.connection = ${connection}
    and c.fingerprint is not null and ${inStep} and c.org_id = ${anyOf(organizationIds, 'bigint')}`.execute(
    db,
  )
  return result.rows[0]?.count ?? 0
}
