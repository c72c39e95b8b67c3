/** A table that scrolls by itself where the screen is narrower, by keyboard too. */
import type { ReactNode } from 'react'

export type ScrolledTableProps = {
  readonly label: string
  readonly minWidth?: number
  readonly head: readonly ReactNode[]
  /** Columns of figures, counted from 0: aligned to the right. */
  readonly figures?: readonly number[]
  readonly children: ReactNode
}

export function ScrolledTable({ label, minWidth = 480, head, figures = [], children }: ScrolledTableProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no set of fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div role="group" className="page-table-scroll" aria-label={label} tabIndex={0}>
      <table className="page-table" style={{ minWidth }}>
        <thead>
          <tr>
            {head.map((text, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name, and stay
              <th key={index} scope="col" style={{ textAlign: figures.includes(index) ? 'end' : 'start' }}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
