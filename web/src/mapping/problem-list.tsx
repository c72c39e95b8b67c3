/** Problems beside what has them, in the words of whoever found them. */
import { VisuallyHidden } from '@mantine/core'
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react'
import { useWords } from '../language/use-words.ts'
import type { RowProblem } from './join-rows.ts'

export function ProblemList({ problems, id }: { problems: readonly RowProblem[]; id?: string }) {
  const { t } = useWords()
  if (problems.length === 0) return null
  return (
    <ul className="mapping-problems" id={id}>
      {problems.map(({ severity, message }) => {
        const Icon = severity === 'error' ? IconAlertCircle : IconAlertTriangle
        return (
          <li key={message} className="page-state" data-tone={severity === 'error' ? 'bad' : 'warn'}>
            <Icon size={16} stroke={1.8} aria-hidden />
            <span>
              <VisuallyHidden>{t(`mapping.severity.${severity}`)}: </VisuallyHidden>
              <span lang="en">{message}</span>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
