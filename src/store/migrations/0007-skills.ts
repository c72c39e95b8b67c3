/** What skills have done and have yet to do, and when their schedules are next. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const skills: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  // Whether skills have looked at the event; those of before there were skills count as looked at.
  `alter table events add column looked boolean not null default true`,
  `alter table events alter column looked set default false`,
  `create index events_unlooked on events (connection, id) where not looked`,
  // key: of the event, or of the time, or of the request. chain: the skills whose doing it is, in order.
  // actions: null until the conditions have held; then what is done, with the templates filled in. step: the next of them.
  `create table skill_runs (
     id bigint generated always as identity primary key,
     connection text not null,
     skill text not null,
     key text not null,
     trigger text not null,
     subject text not null,
     person_id bigint,
     contact_id bigint,
     chain text[] not null default '{}',
     facts jsonb not null,
     version text,
     actions jsonb,
     step integer not null default 0,
     state text not null default 'waiting',
     reason text,
     attempts integer not null default 0,
     due_at timestamptz,
     noticed_at timestamptz not null,
     triggered_at timestamptz,
     sent_at timestamptz,
     ended_at timestamptz
   )`,
  `create unique index skill_runs_by_key on skill_runs (connection, skill, key)`,
  `create index skill_runs_open on skill_runs (connection, id) where state in ('waiting', 'sent')`,
  `create index skill_runs_by_subject on skill_runs (connection, skill, subject, id)`,
  `create index skill_runs_by_end on skill_runs (ended_at) where state in ('done', 'skipped')`,
  `create table skill_schedules (
     connection text not null,
     skill text not null,
     schedule text not null,
     next_at timestamptz not null,
     primary key (connection, skill, schedule)
   )`,
]
