/** Stages as a board: a column for each pipeline, one for closed deals, and one for what the account does not have. Pure. */
import type { Draft } from './draft-state.ts'
import type { Survey } from './find-field.ts'

export type StageCard = {
  /** Every way to write this stage that the draft may use, the one for new rows first. */
  readonly stages: readonly string[]
  readonly name: string
  readonly listId: number | null
}

export type StageColumn = {
  readonly kind: 'pipeline' | 'closed' | 'unknown'
  /** Of a pipeline. */
  readonly name: string
  readonly cards: readonly StageCard[]
}

type Pipelines = Survey['pipedrive']['pipelines']

/** Without the account's pipelines, for whoever may not ask for them, every row is shown as it is written. */
export function layStages(rows: Draft['stageLists'], pipelines: Pipelines): readonly StageColumn[] {
  const columns = pipelines.map(({ id, name, stages }): StageColumn & { key: number } => ({
    key: id,
    kind: 'pipeline',
    name,
    cards: stages.map((stage) => toCard(rows, spellings(rows, name, stage), stage.name)),
  }))
  const closed = ['won', 'lost'].map((name) => toCard(rows, [name], name))
  const shown = new Set([...columns.flatMap(({ cards }) => cards), ...closed].flatMap(({ stages }) => stages))
  const unknown = rows
    .filter(({ stage }) => !shown.has(stage))
    .map(({ stage }) => toCard(rows, [stage], stage))
  return [
    ...columns,
    { kind: 'closed', name: '', cards: closed },
    ...(unknown.length === 0 ? [] : [{ kind: 'unknown' as const, name: '', cards: unknown }]),
  ]
}

/** By id, or `<pipeline>/<stage>` in whichever case and spacing. */
function spellings(
  rows: Draft['stageLists'],
  pipeline: string,
  { id, name }: { id: number; name: string },
): readonly string[] {
  const wanted = `${fold(pipeline)}/${fold(name)}`
  const named = rows.flatMap(({ stage }) => {
    const slash = stage.indexOf('/')
    const written = `${fold(stage.slice(0, slash))}/${fold(stage.slice(slash + 1))}`
    return slash > 0 && written === wanted ? [stage] : []
  })
  return [String(id), ...named]
}

function fold(name: string): string {
  return name.trim().toLowerCase()
}

function toCard(rows: Draft['stageLists'], stages: readonly string[], name: string): StageCard {
  return { stages, name, listId: rows.find(({ stage }) => stages.includes(stage))?.listId ?? null }
}
