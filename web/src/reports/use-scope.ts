/** What is counted: chosen once for all reports, and kept in the tab. */
import { useState } from 'react'
import { type Choice, dayOf, toPeriod } from './period.ts'

export type Scope = Choice & {
  readonly pipeline: string
  readonly owner: string
  /** Only deals that have this choice of this field; both or none. */
  readonly field: string
  readonly choice: string
}

export type Asked = {
  readonly from: string
  readonly to: string
  readonly pipeline?: string
  readonly owner?: string
  readonly where?: string
}

const KEPT_AS = 'tajo-report-scope'

function initial(): Scope {
  const now = Date.now()
  const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '{}') as Partial<Scope>
  return {
    span: '90',
    from: dayOf(now - 30 * 86_400_000),
    to: dayOf(now),
    pipeline: '',
    owner: '',
    field: '',
    choice: '',
    ...kept,
  }
}

export function useScope(): [Scope, (change: Partial<Scope>) => void] {
  const [scope, setScope] = useState(initial)
  return [
    scope,
    (change) => {
      const next = { ...scope, ...change }
      sessionStorage.setItem(KEPT_AS, JSON.stringify(next))
      setScope(next)
    },
  ]
}

/** Null: the dates are no period yet. */
export function toAsked(scope: Scope, nowMs: number): Asked | null {
  const period = toPeriod(scope, nowMs)
  if (period === null) return null
  return {
    ...period,
    ...(scope.pipeline === '' ? {} : { pipeline: scope.pipeline }),
    ...(scope.owner === '' ? {} : { owner: scope.owner }),
    ...(scope.field === '' || scope.choice === '' ? {} : { where: `${scope.field}=${scope.choice}` }),
  }
}
