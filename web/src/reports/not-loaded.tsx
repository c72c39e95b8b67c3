/** A report that is not there: because nothing was ever synced, or because something stands in its way. */
import { Anchor } from '@mantine/core'
import { IconHourglass } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { Problem } from '../api/problem.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'

export function NotLoaded({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const { t } = useWords()
  if (problem.code !== 'report_too_early') return <ProblemNotice problem={problem} onRetry={onRetry} />
  return (
    <Nothing icon={IconHourglass} title={t('reports.tooEarly')} text={t('reports.tooEarlyText')}>
      <Anchor component={Link} href="/">
        {t('reports.toOverview')}
      </Anchor>
    </Nothing>
  )
}
