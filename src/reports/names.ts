/** Which pipeline and owner a question names, found in the account's catalogue. */
import type { KeptCatalogue } from '../store/index.ts'
import { invalid, unknown } from './report-error.ts'

export type Named = { readonly id: number; readonly name: string }

/** By id or name. Throws `report_unknown`, `report_invalid`. */
export function findPipeline(asked: string, { pipelines }: KeptCatalogue): Named {
  return find('pipeline', asked, pipelines)
}

export function findOwner(asked: string, { users }: KeptCatalogue): Named {
  return find(
    'owner',
    asked,
    Object.entries(users).map(([id, name]) => ({ id: Number(id), name })),
  )
}

function find(what: string, asked: string, all: readonly Named[]): Named {
  const wanted = asked.trim().toLowerCase()
  const found = all.filter(({ id, name }) => String(id) === wanted || name.trim().toLowerCase() === wanted)
  const [only] = found
  if (only === undefined)
    throw unknown(
      what,
      asked,
      all.map(({ name }) => name),
    )
  if (found.length > 1)
    throw invalid(
      `Several ${what}s are called ${JSON.stringify(asked)}: name one by its id (${found.map(({ id }) => id).join(', ')}).`,
    )
  return only
}
