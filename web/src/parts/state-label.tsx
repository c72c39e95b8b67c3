/** A state in a word, with a colour that only repeats it. */
import type { ReactNode } from 'react'

export type StateTone = 'good' | 'busy' | 'warn' | 'bad' | 'none'

export function StateLabel({ tone, children }: { tone: StateTone; children: ReactNode }) {
  return (
    <span className="page-state page-label" data-tone={tone}>
      {children}
    </span>
  )
}

export function StateDot({ tone, className = '' }: { tone: StateTone; className?: string }) {
  return <span className={`page-state page-dot ${className}`} data-tone={tone} aria-hidden="true" />
}
