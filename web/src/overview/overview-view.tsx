/** Whether both sides are in step, in one sentence; then what that sentence is made of. */
import { Button, Grid, SimpleGrid, Stack } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { type Look, useDo, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { useNow } from '../parts/use-now.ts'
import { ViewHead } from '../parts/view-head.tsx'
import { ActivityPanel } from './activity-panel.tsx'
import { BudgetPanel } from './budget-panel.tsx'
import { judgeStatus, type Status } from './judge-status.ts'
import { RunProgress } from './run-progress.tsx'
import { RunsPanel } from './runs-panel.tsx'
import { StatusPanels, WarningsPanel } from './status-panels.tsx'
import { SyncResult } from './sync-result.tsx'
import { VerdictBanner, type VerdictBannerProps } from './verdict-banner.tsx'

const LOOK_EVERY_MS = 5_000
const ACCOUNTS_EVERY_MS = 30_000

export function OverviewView() {
  const { t } = useWords()
  const mayOperate = useMay('operate')
  const status = useLook('status.read', {}, { everyMs: LOOK_EVERY_MS })
  const sync = useDo('sync.run')
  const pause = useDo('hold.begin')
  const connectors = useLook('connectors.list', {}, { everyMs: ACCOUNTS_EVERY_MS })
  const connected = areConnected(connectors.data)
  const isSetUp = connected !== false && status.data?.hold?.because !== 'setup'
  const mayPause =
    isSetUp && status.data !== undefined && status.data.live !== null && status.data.hold === null
  const dryRun = sync.params?.dryRun ?? false
  return (
    <>
      <ViewHead title={t('overview.title')}>
        {mayOperate && isSetUp ? (
          <>
            {mayPause ? (
              <Button
                variant="subtle"
                color="gray"
                c="var(--mantine-color-text)"
                leftSection={<IconPlayerPause size={16} aria-hidden />}
                loading={pause.running}
                onClick={() => pause.start({ because: 'person' })}
              >
                {t('overview.pause')}
              </Button>
            ) : null}
            <Button
              variant="default"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              disabled={sync.running}
              onClick={() => sync.start({ dryRun: true })}
            >
              {t('overview.dryRun')}
            </Button>
            <Button
              leftSection={<IconRefresh size={16} aria-hidden />}
              disabled={sync.running}
              onClick={() => sync.start({})}
            >
              {t('overview.syncNow')}
            </Button>
          </>
        ) : null}
      </ViewHead>
      <Stack gap="lg">
        {sync.running ? (
          <RunProgress
            title={t(dryRun ? 'overview.runningDry' : 'overview.running')}
            progress={sync.progress}
            notice={sync.notice}
          />
        ) : null}
        {pause.problem === null ? null : <ProblemNotice problem={pause.problem} />}
        {sync.problem === null ? null : <ProblemNotice problem={sync.problem} />}
        {sync.result === null ? null : <SyncResult report={sync.result} onClose={sync.reset} />}
        <Standing status={status} connectors={connectors} />
      </Stack>
    </>
  )
}

type StandingProps = {
  readonly status: Look<'status.read'>
  readonly connectors: Look<'connectors.list'>
}

function Standing({ status, connectors }: StandingProps) {
  const now = useNow()
  // The sentence needs both answers: what is said before the second of them would be said on a guess.
  const isAnswered = status.data !== undefined && connectors.isFetched
  const failed = [status, connectors].find(({ data, error }) => data === undefined && error !== null)
  return (
    <>
      {failed?.error ? (
        <ProblemNotice problem={failed.error} onRetry={() => void failed.refetch()} />
      ) : isAnswered ? null : (
        <BodySkeleton />
      )}
      {isAnswered ? (
        <Loaded
          verdict={judgeStatus(
            status.data,
            now,
            connectors.error === null ? areConnected(connectors.data) : null,
          )}
          status={status.data}
          lost={status.error !== null}
          now={now}
        />
      ) : null}
    </>
  )
}

/** Whether both accounts are; null: not known. */
function areConnected(connectors: ResultOf<'connectors.list'> | undefined): boolean | null {
  return connectors?.every(({ credentials }) => credentials !== 'none') ?? null
}

type LoadedProps = VerdictBannerProps & { readonly status: Status }

function Loaded({ status, verdict, lost, now }: LoadedProps) {
  return (
    <>
      <VerdictBanner verdict={verdict} now={now} lost={lost} />
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="lg">
        <StatusPanels status={status} now={now} />
      </SimpleGrid>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="lg">
            <RunsPanel runs={status.runs} />
            <BudgetPanel budgets={status.live?.budgets ?? []} now={now} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            <ActivityPanel />
            <WarningsPanel warnings={status.warnings} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  )
}
