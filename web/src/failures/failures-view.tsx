/** What failed, by cause: a hundred thousand records with three causes are three things to do. */
import { Stack } from '@mantine/core'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useDo, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { TableSkeleton } from '../parts/skeletons.tsx'
import { ViewHead } from '../parts/view-head.tsx'
import { CauseCard } from './cause-card.tsx'
import { RetryButton } from './retry-button.tsx'
import { RetryOutcome } from './retry-outcome.tsx'

export type Selection = { readonly ids?: string[]; readonly code?: string; readonly withDiscarded?: boolean }

export function FailuresView() {
  const { t, number } = useWords()
  const mayOperate = useMay('operate')
  const causes = useLook('failures.causes', {}, { everyMs: 10_000 })
  const retry = useDo('failures.retry')
  const start = (selection: Selection): void => retry.start({ selection })
  // Of everything that can fail, as it is now, and not only of the contacts of that pass.
  const failed = causes.data?.reduce((sum, { open }) => sum + open, 0) ?? null
  return (
    <>
      <ViewHead title={t('failures.title')} lead={t('failures.lead')}>
        {mayOperate && failed !== null && failed > 0 ? (
          <RetryButton
            selection={{}}
            count={failed}
            label={t('failures.retryAll')}
            leftSection={<IconRefresh size={16} aria-hidden />}
            disabled={retry.running}
            onRetry={start}
          />
        ) : null}
      </ViewHead>
      <Stack gap="lg">
        <RetryOutcome
          retry={retry}
          after={
            failed === null
              ? ''
              : failed === 0
                ? t('failures.allMended')
                : t('failures.stillFailing', { count: failed, number: number(failed) })
          }
        />
        <Causes causes={causes} retrying={retry.running} onRetry={start} />
      </Stack>
    </>
  )
}

type CausesProps = {
  readonly causes: ReturnType<typeof useLook<'failures.causes'>>
  readonly retrying: boolean
  readonly onRetry: (selection: Selection) => void
}

function Causes({ causes, retrying, onRetry }: CausesProps) {
  const { t } = useWords()
  if (causes.data === undefined)
    return causes.error === null ? (
      <TableSkeleton />
    ) : (
      <ProblemNotice problem={causes.error} onRetry={() => void causes.refetch()} />
    )
  if (causes.data.length === 0)
    return <Nothing icon={IconCircleCheck} title={t('failures.none')} text={t('failures.noneText')} />
  return causes.data.map((cause, index) => (
    <CauseCard key={cause.code} cause={cause} first={index === 0} retrying={retrying} onRetry={onRetry} />
  ))
}
