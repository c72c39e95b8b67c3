/** What both sides last agreed on, what is on its way to Pipedrive, and whom Tajo was told to forget. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const twoWay: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // agreed: attribute to the last common value. blocked_by: why Brevo blocklisted the contact, where it said so.
  `alter table known add column agreed jsonb not null default '{}'`,
  `alter table known add column agreed_with text`,
  `alter table known add column blocked_by text`,
  // One open edit for a contact at most: a newer plan takes the place of an older one.
  `create table person_edits (
     connection text not null,
     contact_id bigint not null,
     person_id bigint,
     run text not null,
     command jsonb not null,
     fingerprint text not null,
     state text not null default 'pending',
     attempts integer not null default 0,
     not_before timestamptz,
     planned_at timestamptz not null,
     sent_at timestamptz,
     primary key (connection, contact_id)
   )`,
  `create index person_edits_by_state on person_edits (connection, state, contact_id)`,
  `create table edit_outcomes (
     connection text not null,
     run text not null,
     contact_id bigint not null,
     outcome text not null,
     primary key (connection, run, contact_id, outcome)
   )`,
  // What Tajo wrote to either side lately: the loop breaker (rule R9.3) counts it.
  `create table field_writes (
     connection text not null,
     contact_id bigint not null,
     attribute text not null,
     direction text not null,
     value jsonb,
     at timestamptz not null
   )`,
  `create index field_writes_by_field on field_writes (connection, contact_id, attribute, at)`,
  `create table stopped_fields (
     connection text not null,
     contact_id bigint not null,
     attribute text not null,
     stopped_at timestamptz not null,
     primary key (connection, contact_id, attribute)
   )`,
  `create table person_merges (
     connection text not null,
     loser_id bigint not null,
     survivor_id bigint not null,
     state text not null default 'planned',
     planned_at timestamptz not null,
     ended_at timestamptz,
     message text,
     primary key (connection, loser_id)
   )`,
  `alter table connections add column erasure_salt text`,
  `create table erased (
     connection text not null,
     hash text not null,
     erased_at timestamptz not null,
     primary key (connection, hash)
   )`,
]
