/** What Brevo's companies are wanted to be, what of them is Tajo's doing, and which organizations are out of date. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const companies: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // source, plan, name to warnings: as last projected. company_id to others: what Brevo has, and what of it is ours.
  `create table companies (
     connection text not null,
     org_id bigint not null,
     source text,
     plan text,
     name text,
     attributes jsonb,
     keep text[] not null default '{}',
     fingerprint text,
     contacts bigint[] not null default '{}',
     problem text,
     warnings jsonb not null default '[]',
     company_id text,
     written text,
     written_names text[] not null default '{}',
     linked bigint[] not null default '{}',
     asked bigint[] not null default '{}',
     others bigint[] not null default '{}',
     creating_at timestamptz,
     creating_by text,
     process_id bigint,
     attempts integer not null default 0,
     primary key (connection, org_id)
   )`,
  `create unique index companies_by_company on companies (connection, company_id) where company_id is not null`,
  `create index companies_by_contact on companies using gin (contacts)`,
  `create index companies_creating on companies (connection, org_id) where creating_at is not null`,
  `create table company_readings (
     connection text not null primary key,
     attributes jsonb,
     attributes_at timestamptz,
     adopted_at timestamptz,
     reading_page integer,
     reading_since timestamptz,
     reading_round integer not null default 1
   )`,
  `create table dirty_organizations (
     connection text not null,
     org_id bigint not null,
     marked bigint not null default nextval('marks'),
     primary key (connection, org_id)
   )`,
]
