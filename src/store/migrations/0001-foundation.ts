/** The first tables: the mirror of Pipedrive, what is wanted in Brevo, what Brevo is known to hold, and the work. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const foundation: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table connections (
     id text primary key,
     credentials jsonb not null default '{}',
     pipedrive_company jsonb,
     brevo_account jsonb,
     listed_at timestamptz,
     known_until timestamptz,
     plan_fingerprint text,
     plan jsonb,
     known_fingerprint text,
     lease_holder text,
     lease_until timestamptz,
     created_at timestamptz not null default now()
   )`,
  // The mirror. person_id, org_id, identity and problem are what the doc says, kept apart to be indexed.
  `create table records (
     connection text not null,
     entity text not null,
     id text not null,
     doc jsonb not null,
     version timestamptz,
     fingerprint text not null,
     deleted boolean not null default false,
     person_id bigint,
     org_id bigint,
     identity text,
     problem text,
     primary key (connection, entity, id)
   )`,
  `create index records_by_person on records (connection, person_id, entity) where person_id is not null`,
  `create index records_by_organization on records (connection, org_id) where entity = 'person' and org_id is not null`,
  `create index records_by_identity on records (connection, identity) where entity = 'person'`,
  `create table cursors (
     connection text not null,
     stream text not null,
     run text not null,
     mode text not null,
     cursor text,
     finished boolean not null,
     since timestamptz,
     started_at timestamptz,
     watermark timestamptz,
     rows_read bigint not null default 0,
     sweep boolean not null default false,
     primary key (connection, stream)
   )`,
  `create table listed (
     connection text not null,
     entity text not null,
     id text not null,
     primary key (connection, entity, id)
   )`,
  `create table dirty (
     connection text not null,
     identity text not null,
     primary key (connection, identity)
   )`,
  `create table wanted (
     connection text not null,
     person_id bigint not null,
     identity text not null,
     sms text,
     sms_granted boolean not null default false,
     attributes jsonb not null,
     lists integer[] not null,
     keep text[] not null,
     unsubscribed boolean not null,
     fingerprint text not null,
     held text,
     primary key (connection, person_id)
   )`,
  `create unique index wanted_by_identity on wanted (connection, identity)`,
  `create index wanted_by_sms on wanted (connection, sms) where sms is not null`,
  `create table warnings (
     connection text not null,
     person_id bigint not null,
     code text not null,
     subject text not null,
     detail text not null,
     primary key (connection, person_id, code, subject)
   )`,
  `create table known (
     connection text not null,
     contact_id bigint not null,
     email text,
     ext_id text,
     sms text,
     attributes jsonb not null,
     lists integer[] not null,
     email_blocked boolean not null,
     sms_blocked boolean not null,
     modified_at timestamptz,
     written text[] not null default '{}',
     our_lists integer[] not null default '{}',
     in_step text,
     primary key (connection, contact_id)
   )`,
  `create index known_by_email on known (connection, email)`,
  `create index known_by_sms on known (connection, sms) where sms is not null`,
  `create index known_by_ext_id on known (connection, ext_id) where ext_id is not null`,
  `create table links (
     connection text not null,
     person_id bigint not null,
     contact_id bigint not null,
     linked_at timestamptz not null default now(),
     primary key (connection, person_id)
   )`,
  `create unique index links_by_contact on links (connection, contact_id)`,
  `create table outbox (
     id bigint generated always as identity primary key,
     connection text not null,
     run text not null,
     action text not null,
     person_id bigint,
     contact_id bigint,
     email text,
     route text not null,
     group_key text not null default '',
     command jsonb not null,
     fingerprint text not null,
     state text not null default 'pending',
     process_id bigint,
     attempts integer not null default 0,
     sent_at timestamptz
   )`,
  `create index outbox_by_route on outbox (connection, state, route, group_key, id)`,
  `create index outbox_by_email on outbox (connection, email)`,
  `create index outbox_by_person on outbox (connection, person_id)`,
  `create table failures (
     connection text not null,
     entity text not null,
     record_id text not null,
     code text not null,
     disposition text not null,
     message text not null,
     vendor_message text,
     remedy text not null,
     fingerprint text,
     attempts integer not null default 1,
     discarded boolean not null default false,
     first_at timestamptz not null,
     last_at timestamptz not null,
     primary key (connection, entity, record_id)
   )`,
  `create table runs (
     id text primary key,
     connection text not null,
     mode text not null,
     dry_run boolean not null,
     status text not null,
     stage text not null,
     started_at timestamptz not null,
     finished_at timestamptz,
     resume_at timestamptz,
     reason text,
     counters jsonb not null default '{}'
   )`,
  `create index runs_by_connection on runs (connection, started_at desc)`,
]
