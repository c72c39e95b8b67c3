/**
 * A deal's changelog as steps: each change of stage or status with the deal as it was then
 * (https://developers.pipedrive.com/docs/api/v1/Deals#getDealChangelog). It asks nobody and keeps nothing.
 */
import type { PipedriveChange, PipedriveClient } from '../../pipedrive/index.ts'
import type { DealPlace, DealStatus, DealStep } from '../model/index.ts'
import { toIsoTime } from './from-pipedrive.ts'

export type DealNow = DealPlace & { readonly value: number; readonly currency: string | null }

export type ReadHistory = {
  /** Oldest first. */
  readonly steps: readonly DealStep[]
  /** What one change left is not what the next one found: something is missing in between. */
  readonly gaps: boolean
}

/** Newest first; 20 tokens a page, in nobody's way. */
export async function changelogOf(
  pipedrive: PipedriveClient,
  dealId: number,
  signal: AbortSignal | undefined,
): Promise<readonly PipedriveChange[]> {
  const changes: PipedriveChange[] = []
  for await (const page of pipedrive.deals.changelog(dealId, { lane: 'backfill', signal }))
    changes.push(...page.items)
  return changes
}

/** `changes`: newest first, as Pipedrive tells them. `now` stands in for what never changed. */
export function fromChangelog(changes: readonly PipedriveChange[], now: DealNow): ReadHistory {
  const pipelines = new Map(
    changes.filter(isOf('pipeline_id')).map((change) => [change.time, idOf(change.old_value)]),
  )
  const newest = (key: string): unknown => changes.find(isOf(key))?.new_value
  let stageId = idOf(newest('stage_id')) ?? now.stageId
  let pipelineId = idOf(newest('pipeline_id')) ?? now.pipelineId
  let status = statusOf(newest('status')) ?? now.status
  let value = amountOf(newest('value')) ?? now.value
  let currency = textOf(newest('currency')) ?? now.currency
  let gaps = false
  const steps: DealStep[] = []
  for (const change of changes) {
    const at = timeOf(change)
    const place = { stageId, pipelineId, status }
    switch (change.field_key) {
      case 'stage_id': {
        const [before, after] = [idOf(change.old_value), idOf(change.new_value)]
        if (after !== stageId) gaps = true
        // Nothing before it: the deal was made there.
        if (before === null || at === null) break
        pipelineId = pipelines.get(change.time) ?? pipelineId
        stageId = before
        const from = { stageId, pipelineId, status }
        steps.push({ kind: 'stage', at, from, to: { ...place, stageId: after }, value, currency })
        break
      }
      case 'status': {
        const [before, after] = [statusOf(change.old_value), statusOf(change.new_value)]
        // Deleted and brought back: it stays what it was.
        if (before === null || after === null || at === null) break
        if (after !== status) gaps = true
        status = before
        steps.push({
          kind: 'status',
          at,
          from: { ...place, status: before },
          to: { ...place, status: after },
          value,
          currency,
        })
        break
      }
      case 'pipeline_id':
        pipelineId = idOf(change.old_value) ?? pipelineId
        break
      case 'value':
        value = amountOf(change.old_value) ?? value
        break
      case 'currency':
        currency = textOf(change.old_value) ?? currency
        break
    }
  }
  return { steps: steps.reverse(), gaps }
}

function isOf(key: string) {
  return (change: PipedriveChange): boolean => change.field_key === key
}

/** `2024-02-12 09:10:12`, in UTC. */
function timeOf({ time }: PipedriveChange): string | null {
  if (time == null) return null
  return toIsoTime(/[zZ]|[+-]\d\d:?\d\d$/.test(time) ? time : `${time.replace(' ', 'T')}Z`)
}

function idOf(value: unknown): number | null {
  const id = Number(value ?? Number.NaN)
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

function amountOf(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim() : value
  const amount = text === '' || text == null ? Number.NaN : Number(text)
  return Number.isFinite(amount) ? amount : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function statusOf(value: unknown): DealStatus | null {
  return value === 'open' || value === 'won' || value === 'lost' ? value : null
}
