/** What every report does first: reads the catalogue, finds what the question names, and says over which time it looks. */
import { type DealScope, type KeptCatalogue, readKeptCatalogue, type Store } from '../store/index.ts'
import type { Rates } from './money.ts'
import { findOwner, findPipeline, type Named } from './names.ts'
import { before, type Period, readPeriod } from './period.ts'
import { tooEarly } from './report-error.ts'
import type { OnlyView, ReportSettings, Scope } from './report-face.ts'
import { readOnly } from './split.ts'

export type Asked = {
  readonly catalogue: KeptCatalogue
  readonly scope: DealScope
  readonly pipeline: Named | null
  readonly owner: Named | null
  readonly only: OnlyView | null
  readonly period: Period
  readonly previous: Period | null
  readonly rates: Rates
}

/** Throws `report_too_early`, `report_unknown`, `report_invalid`. */
export async function readQuestion(
  store: Store,
  connection: string,
  question: Scope,
  { rates, now }: ReportSettings,
): Promise<Asked> {
  const catalogue = await readKeptCatalogue(store.db, connection)
  if (catalogue === null) throw tooEarly()
  const pipeline = question.pipeline === undefined ? null : findPipeline(question.pipeline, catalogue)
  const owner = question.owner === undefined ? null : findOwner(question.owner, catalogue)
  const only = question.where === undefined ? null : readOnly(question.where, catalogue)
  const period = readPeriod(question.from, question.to, now)
  return {
    catalogue,
    scope: {
      connection,
      pipelineId: pipeline?.id ?? null,
      ownerId: owner?.id ?? null,
      only: only?.deals ?? null,
    },
    pipeline,
    owner,
    only: only && { key: only.key, label: only.label, value: only.value },
    period,
    previous: question.compare === false ? null : before(period),
    rates: { currency: catalogue.defaultCurrency, rates },
  }
}
