/** What campaigns did to contacts (rule R10.2): each touch once, whoever told of it and however often. */
import { sql } from 'kysely'
import { anyOf, type Db, rowsAs } from './db.ts'
import { notErased } from './erased-table.ts'

export type TouchKind = 'delivered' | 'opened' | 'clicked'

export type NewTouch = {
  /** Null: by the address. */
  readonly contact_id: number | null
  readonly email: string | null
  readonly campaign_id: number
  /** The campaign's name, where it was told. */
  readonly campaign: string | null
  readonly kind: TouchKind
  /** Of the clicked link; else ''. */
  readonly url: string
  /** ISO 8601. */
  readonly at: string
  readonly source: 'webhook' | 'statistics'
  /** A mail program opened it, and nobody need have seen it. */
  readonly machine: boolean
}

const columns =
  'contact_id bigint, email text, campaign_id bigint, campaign text, kind text, url text, at timestamptz, source text, machine boolean'

/** Statistics and webhooks may tell one touch with a little between them. */
const sameTouch = sql.raw(`interval '1 minute'`)

/** Keeps those that are new; touches of erased addresses are not kept (rule R11). Returns how many there were. */
export async function addTouches(db: Db, connection: string, touches: readonly NewTouch[]): Promise<number> {
  if (touches.length === 0) return 0
  await nameCampaigns(
    db,
    connection,
    touches.flatMap(({ campaign_id, campaign }) =>
      campaign === null ? [] : [{ id: campaign_id, name: campaign }],
    ),
  )
  const result = await sql<{ id: number }>`
    with told as materialized (
      select r.*, coalesce(r.contact_id, (select min(k.contact_id) from known k
        where k.connection = ${connection} and k.email = r.email)) as owner
      from ${rowsAs(touches, columns)} where true ${notErased(connection, 'r.email')}
    ), each as (
      select owner, case when owner is null then email end as email, campaign_id, kind, url, at,
        min(source) as source, bool_or(machine) as machine
      from told group by 1, 2, 3, 4, 5, 6
    )
    insert into touches as t (connection, contact_id, email, campaign_id, kind, url, at, source, machine)
    select ${connection}, owner, email, campaign_id, kind, url, at, source, machine from each e
    where e.source = 'webhook' or not exists (select 1 from touches o where o.connection = ${connection}
      and o.contact_id = e.owner and o.campaign_id = e.campaign_id and o.kind = e.kind and o.url = e.url
      and o.at between e.at - ${sameTouch} and e.at + ${sameTouch})
    on conflict (connection, coalesce(contact_id, 0), coalesce(email, ''), campaign_id, kind, md5(url), at)
      do update set machine = true where excluded.machine and not t.machine
    returning t.id`.execute(db)
  return result.rows.length
}

/** Whose addresses these are is known now: what was noted under them is their touches. */
export async function claimTouches(
  db: Db,
  connection: string,
  contacts: readonly { readonly contact_id: number; readonly email: string | null }[],
): Promise<void> {
  const named = contacts.filter(({ email }) => email !== null)
  if (named.length === 0) return
  await sql`
    with claimed as (
      delete from touches t using ${rowsAs(
        named.map(({ contact_id, email }) => ({ contact_id, email })),
        'contact_id bigint, email text',
      )} where t.connection = ${connection} and t.contact_id is null and t.email = r.email
      returning r.contact_id as owner, t.campaign_id, t.kind, t.url, t.at, t.source, t.machine
    )
    insert into touches (connection, contact_id, campaign_id, kind, url, at, source, machine)
    select ${connection}, owner, campaign_id, kind, url, at, source, machine from claimed on conflict do nothing`.execute(
    db,
  )
}

/** Of contacts that are gone. */
export async function dropTouches(db: Db, connection: string, contactIds: readonly number[]): Promise<void> {
  for (const table of ['touches', 'touch_readings'])
    await sql`delete from ${sql.id(table)} where connection = ${connection}
      and contact_id = ${anyOf(contactIds, 'bigint')}`.execute(db)
}

/** The last name that was told stays. */
export async function nameCampaigns(
  db: Db,
  connection: string,
  campaigns: readonly { readonly id: number; readonly name: string }[],
): Promise<void> {
  const names = [...new Map(campaigns.map((campaign) => [campaign.id, campaign])).values()]
  if (names.length === 0) return
  await sql`insert into campaigns as c (connection, id, name)
    select ${connection}, id, name from ${rowsAs(names, 'id bigint, name text')}
    on conflict (connection, id) do update set name = excluded.name where c.name <> excluded.name`.execute(db)
}
