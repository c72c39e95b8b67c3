/** Bars with their words and figures in one line each: read as a list, by eye and by ear. */
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type Bar = {
  readonly key: string
  readonly name: string
  readonly value: number
  /** Drawn fainter behind it: up to there. */
  readonly upTo?: number
  readonly text: string
  readonly more?: ReactNode
}

export function BarList({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(1e-9, ...bars.map(({ value, upTo = 0 }) => Math.max(value, upTo)))
  return (
    <ol className="page-bars" aria-label={label}>
      {bars.map(({ key, name, value, upTo, text, more }) => (
        <li key={key}>
          <Text fz="sm" fw={550} className="page-bar-name">
            {name}
          </Text>
          <span className="page-bar-track" aria-hidden="true">
            {upTo === undefined ? null : (
              <span className="page-bar" data-faint style={{ width: `${(upTo / most) * 100}%` }} />
            )}
            <span className="page-bar" style={{ width: `${(value / most) * 100}%` }} />
          </span>
          <Text fz="sm" className="page-figure page-bar-text" component="div">
            {text}
            {more === undefined ? null : (
              <Text span fz="sm" c="dimmed">
                {' '}
                {more}
              </Text>
            )}
          </Text>
        </li>
      ))}
    </ol>
  )
}
