/** Whether both sides are in step, in one sentence; then what that sentence is made of. */
import { Button, Grid, SimpleGrid, Stack } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useDo, useLook } from '../api/use-operation.ts'
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
import { VerdictBanner } from './verdict-banner.tsx'

const LOOK_EVERY_MS = 5_000

export function OverviewView() {
  const { t } = useWords()
  const mayOperate = useMay('operate')
  const status = useLook('status.read', {}, { everyMs: LOOK_EVERY_MS })
  const sync = useDo('sync.run')
  const pause = useDo('hold.begin')
  const connectors = useLook('connectors.list', {})
  const connected = connectors.data?.every(({ credentials }) => credentials !== 'none') ?? null
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
        <Standing status={status} connected={connected} />
      </Stack>
    </>
  )
}

type StandingProps = {
  readonly status: ReturnType<typeof useLook<'status.read'>>
  /** Whether both accounts are; null: not known yet. */
  readonly connected: boolean | null
}

function Standing({ status, connected }: StandingProps) {
  const now = useNow()
  if (status.data === undefined)
    return status.error === null ? (
      <BodySkeleton />
    ) : (
      <ProblemNotice problem={status.error} onRetry={() => void status.refetch()} />
    )
  return (
    <Loaded
      connected={connected}
      status={status.data}
      stale={status.error !== null}
      retry={status.refetch}
      now={now}
    />
  )
}

type LoadedProps = Pick<StandingProps, 'connected'> & {
  readonly status: Status
  readonly stale: boolean
  readonly retry: () => Promise<unknown>
  readonly now: number
}

function Loaded({ status, connected, stale, retry, now }: LoadedProps) {
  const { t } = useWords()
  return (
    <>
      <VerdictBanner
        verdict={judgeStatus(status, now, connected)}
        now={now}
        {...(stale ? { lost: { text: t('frame.unreachable'), retry: () => void retry() } } : {})}
      />
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
