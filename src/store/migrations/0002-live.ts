/** What a server that is always in step keeps: deliveries, hints, what became of deals, and events on their way. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const live: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // Every mark has its own number, so that one that is made anew while its cluster is projected outlives the projection.
  `create sequence marks`,
  `alter table dirty add column marked bigint not null default nextval('marks')`,
  `alter sequence marks owned by dirty.marked`,
  // Changes of records are told as events from this moment of Pipedrive's clock on.
  `alter table connections add column told_since timestamptz`,
  `create table inbox (
     id bigint generated always as identity primary key,
     connection text not null,
     source text not null,
     delivery text not null,
     received_at timestamptz not null,
     body text,
     state text not null default 'new',
     problem text
   )`,
  `create unique index inbox_by_delivery on inbox (connection, source, delivery)`,
  `create index inbox_waiting on inbox (connection, id) where state = 'new'`,
  `create index inbox_by_time on inbox (received_at) where state = 'done'`,
  `create table hints (
     connection text not null,
     entity text not null,
     id text not null,
     version timestamptz,
     noted_at timestamptz not null,
     marked bigint not null default nextval('marks'),
     attempts integer not null default 0,
     not_before timestamptz,
     primary key (connection, entity, id)
   )`,
  // What webhooks said about a deal's stage or status, until it is told.
  `create table moves (
     connection text not null,
     deal_id bigint not null,
     delivery text not null,
     at timestamptz not null,
     version timestamptz not null,
     facts jsonb not null,
     primary key (connection, deal_id, delivery)
   )`,
  // Deals as they were last told.
  `create table deal_states (
     connection text not null,
     deal_id bigint not null,
     stage_id bigint,
     pipeline_id bigint,
     status text not null,
     stage_since timestamptz,
     version timestamptz,
     exact timestamptz,
     primary key (connection, deal_id)
   )`,
  `create table untold (
     connection text not null,
     deal_id bigint not null,
     marked bigint not null default nextval('marks'),
     gap_since timestamptz,
     primary key (connection, deal_id)
   )`,
  `create table transitions (
     id bigint generated always as identity primary key,
     connection text not null,
     deal_id bigint not null,
     kind text not null,
     from_stage bigint,
     to_stage bigint,
     from_pipeline bigint,
     to_pipeline bigint,
     from_status text not null,
     to_status text not null,
     value double precision not null,
     currency text,
     at timestamptz not null,
     days_in_stage double precision,
     noticed_by text not null
   )`,
  `create index transitions_by_deal on transitions (connection, deal_id, at)`,
  `create table events (
     id bigint generated always as identity primary key,
     connection text not null,
     key text not null,
     entity text not null,
     record_id text not null,
     action text not null,
     person_id bigint,
     occurred_at timestamptz not null,
     noticed_at timestamptz not null,
     facts jsonb not null,
     state text not null default 'waiting',
     name text,
     contact_id bigint,
     attempts integer not null default 0,
     not_before timestamptz,
     sent_at timestamptz
   )`,
  `create unique index events_by_key on events (connection, key)`,
  `create index events_open on events (connection, id) where state in ('waiting', 'sent')`,
]
