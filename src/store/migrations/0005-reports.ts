/** What reports are computed from: what campaigns did to contacts, deals in numbers, and the account's names. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const reports: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // A touch has a contact, or, until Brevo has shown whose the address is, the address.
  `create table touches (
     id bigint generated always as identity primary key,
     connection text not null,
     contact_id bigint,
     email text,
     campaign_id bigint not null,
     kind text not null,
     url text not null default '',
     at timestamptz not null,
     source text not null,
     machine boolean not null default false
   )`,
  `create unique index touches_once on touches
     (connection, coalesce(contact_id, 0), coalesce(email, ''), campaign_id, kind, md5(url), at)`,
  `create index touches_by_contact on touches (connection, contact_id, at) where contact_id is not null`,
  `create index touches_unclaimed on touches (connection, email) where contact_id is null`,
  `create table campaigns (
     connection text not null,
     id bigint not null,
     name text not null,
     primary key (connection, id)
   )`,
  // The time of which Brevo's statistics of a contact have been read.
  `create table touch_readings (
     connection text not null,
     contact_id bigint not null,
     since timestamptz not null,
     until timestamptz not null,
     primary key (connection, contact_id)
   )`,
  // Names and orders of stages, pipelines, users, fields and options, as last read.
  `create table catalogues (
     connection text primary key,
     doc jsonb not null,
     read_at timestamptz not null
   )`,
  // The mirror's deals in numbers. history: whether the changelog was read: 'read', 'part' (with gaps), null (not yet).
  `create table deals (
     connection text not null,
     deal_id bigint not null,
     person_id bigint,
     org_id bigint,
     owner_id bigint,
     pipeline_id bigint,
     stage_id bigint,
     status text not null,
     value numeric not null,
     currency text,
     added_at timestamptz,
     stage_at timestamptz,
     closed_at timestamptz,
     deleted boolean not null,
     history text,
     primary key (connection, deal_id)
   )`,
  `insert into deals (connection, deal_id, person_id, org_id, owner_id, pipeline_id, stage_id, status, value, currency,
      added_at, stage_at, closed_at, deleted)
    select connection, id::bigint, person_id, org_id, (doc->>'ownerId')::bigint, (doc->>'pipelineId')::bigint,
      (doc->>'stageId')::bigint, doc->>'status', (doc->>'value')::numeric, doc->>'currency',
      (doc->>'addedAt')::timestamptz, (doc->>'stageChangedAt')::timestamptz,
      case doc->>'status' when 'won' then doc->>'wonAt' when 'lost' then doc->>'lostAt' end::timestamptz, deleted
    from records where entity = 'deal'`,
  `create index deals_by_closing on deals (connection, status, closed_at)`,
  `create index transitions_by_time on transitions (connection, at) where kind = 'stage'`,
]
