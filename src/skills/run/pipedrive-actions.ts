/** Notes and activities in Pipedrive, each with a mark by which it is known again. */
import { TajoError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json.ts'
import { durationOf } from '../index.ts'
import { markOf } from './origin.ts'
import type { Performing } from './perform.ts'

/** Clocks differ, and the services keep whole seconds. */
const marginMs = 10 * 60_000

export async function addNote({ context, run, step, action }: Performing): Promise<string> {
  const on = recordsOf(action.parameters)
  if (Object.keys(on).length === 0) throw noRecord('pipedrive/add-note')
  const content = `${action.parameters.content}<br><br><i>${markOf(run, step)}</i>`
  const note = await context.pipedrive.notes.create({ content, ...on }, options(context))
  return `note ${note.id} written`
}

export async function hasNote({ context, action }: Performing, mark: string): Promise<boolean> {
  const pages = context.pipedrive.notes.pages({
    ...options(context),
    filters: oneOf(recordsOf(action.parameters)),
  })
  for await (const { items } of pages) if (items.some(({ content }) => isMarked(content, mark))) return true
  return false
}

export async function addActivity({ context, run, step, action }: Performing): Promise<string> {
  const { subject, type, due_date: day, due_in: within, note, owner_id: owner } = action.parameters
  const { deal_id, person_id, org_id } = recordsOf(action.parameters)
  const began = run.triggered_at ?? context.clock.now()
  const due = typeof within === 'string' ? dayOf(began.getTime() + (durationOf(within) ?? 0)) : day
  const text = note === undefined ? '' : `${note}<br><br>`
  const activity = await context.pipedrive.activities.create(
    {
      subject: String(subject),
      note: `${text}<i>${markOf(run, step)}</i>`,
      ...(type === undefined ? {} : { type: String(type) }),
      ...(due === undefined ? {} : { due_date: String(due) }),
      ...(owner === undefined ? {} : { owner_id: Number(owner) }),
      ...(deal_id === undefined ? {} : { deal_id }),
      ...(org_id === undefined ? {} : { org_id }),
      ...(person_id === undefined ? {} : { participants: [{ person_id, primary: true }] }),
    },
    options(context),
  )
  return `activity ${activity.id} added`
}

/** Sought among those that were changed since it was asked for. */
export async function hasActivity({ context, run, action }: Performing, mark: string): Promise<boolean> {
  const since = new Date((run.sent_at ?? run.noticed_at).getTime() - marginMs)
  const { deal_id } = recordsOf(action.parameters)
  const pages = context.pipedrive.activities.pages({
    ...options(context),
    updatedSince: since,
    ...(deal_id === undefined ? {} : { filters: { deal_id } }),
  })
  for await (const { items } of pages) if (items.some(({ note }) => isMarked(note, mark))) return true
  return false
}

type Records = { deal_id?: number; person_id?: number; org_id?: number }

function recordsOf(parameters: JsonObject): Records {
  const records: Records = {}
  for (const name of ['deal_id', 'person_id', 'org_id'] as const)
    if (parameters[name] !== undefined) records[name] = Number(parameters[name])
  return records
}

/** Notes are found by any of the records they are on. */
function oneOf(records: Records): Readonly<Record<string, number>> {
  const [first] = Object.entries(records)
  return first === undefined ? {} : { [first[0]]: first[1] }
}

/** The mark may end where its number goes on: run 1.1 is not run 1.12. */
function isMarked(text: string | null | undefined, mark: string): boolean {
  const at = text?.indexOf(mark) ?? -1
  return text != null && at >= 0 && !/\d/.test(text.charAt(at + mark.length))
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

function options({ signal }: Performing['context']) {
  return { lane: 'live', signal } as const
}

function noRecord(action: string): TajoError {
  return new TajoError({
    code: 'skill_value_missing',
    message: `${action}: there is no deal, person or organization to write it on. Give the action a deal_id or person_id.`,
  })
}
