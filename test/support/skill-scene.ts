/** Skills beside the configuration of a journey, and what they did at both services. */
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { addPerson, type Journey } from './journey.ts'

/** Where the journey's own skills are. */
export function skillsDirectory({ environment }: Pick<Journey, 'environment'>): string {
  return join(dirname(environment.TAJO_CONFIG ?? ''), 'skills')
}

export function writeSkill(journey: Pick<Journey, 'environment'>, name: string, text: string): void {
  const directory = skillsDirectory(journey)
  fs.mkdirSync(directory, { recursive: true })
  fs.writeFileSync(join(directory, `${name}.md`), text)
}

/** A front matter around the parts that matter. */
export function skillOf(name: string, triggers: string, actions: string): string {
  const permissions =
    '[contacts:write, events:write, notes:write, activities:write, companies:write, deals:write]'
  return `---
name: ${name}
version: 1.0.0
description: A skill of a test.
category: integrations
triggers:
${triggers}
actions:
${actions}
permissions: ${permissions}
---
`
}

/** The example of the documents, with a list that is there. */
export function exampleSkill(listId: number): string {
  return fs
    .readFileSync('examples/skills/big-deal-alert.md', 'utf8')
    .replace('list_id: 70', `list_id: ${listId}`)
}

/** A list that no setting names. */
export async function addList(
  { environment }: Pick<Journey, 'environment'>,
  name = 'Big deals',
): Promise<number> {
  const { BREVO_API_URL: url, BREVO_API_KEY: key = '' } = environment
  const response = await fetch(`${url}/contacts/lists`, {
    method: 'POST',
    headers: { 'api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ name, folderId: 1 }),
  })
  const { id } = (await response.json()) as { id?: number }
  if (id === undefined) throw new Error(`no list was made: ${response.status}`)
  return id
}

/** Stages of the first pipeline, in order. */
export function stagesOf({ sandbox }: Pick<Journey, 'sandbox'>): readonly number[] {
  const all = [...sandbox.pipedrive.state.tables.stage.all()]
  return all.filter(({ pipeline_id }) => pipeline_id === all[0]?.pipeline_id).map(({ id }) => id)
}

/** A deal of a new person, in the first stage. */
export function addDeal(
  journey: Pick<Journey, 'sandbox'>,
  email: string,
  values: Record<string, unknown>,
): number {
  const person_id = addPerson(journey, email)
  const [stage_id] = stagesOf(journey)
  return journey.sandbox.pipedrive.state.insert('deal', {
    title: `Deal of ${email}`,
    person_id,
    stage_id,
    ...values,
  }).id
}

export function moveDeal({ sandbox }: Pick<Journey, 'sandbox'>, deal: number, stage: number): void {
  sandbox.pipedrive.state.patch('deal', deal, { stage_id: stage })
}

export function notesOf({ sandbox }: Pick<Journey, 'sandbox'>, deal: number): readonly string[] {
  return [...sandbox.pipedrive.state.tables.note.all()]
    .filter((note) => note.deal_id === deal)
    .map((note) => String(note.content))
}

export function eventsNamed({ sandbox }: Pick<Journey, 'sandbox'>, name: string) {
  return sandbox.brevo.state.events().filter((event) => event.event_name === name)
}
