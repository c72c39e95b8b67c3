/** Fields to attributes and deals to lists, edited as a draft that nothing knows of until it is saved. */
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconInfoCircle, IconPlugConnectedX } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useConnection, useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { ViewHead } from '../parts/view-head.tsx'
import { LastSaving } from './draft-notices.tsx'
import type { SettingsView } from './draft-state.ts'
import { joinRows, placeFaults } from './join-rows.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { ListsPanel } from './lists-panel.tsx'
import './mapping.css'
import { MorePanel } from './more-panel.tsx'
import { ProblemList } from './problem-list.tsx'
import { ReviewPanel } from './review-panel.tsx'
import { RowsPanel } from './rows-panel.tsx'
import { StagesPanel } from './stages-panel.tsx'
import { useDraft } from './use-draft.ts'
import { usePreview, useSurvey } from './use-survey.ts'

const NOT_CONNECTED = 'config_not_connected'

export function MappingView() {
  const { t } = useWords()
  const connection = useConnection()
  const { data, error, refetch } = useLook('settings.read', {})
  return (
    <>
      <ViewHead title={t('mapping.title')} lead={t('mapping.lead')} />
      {data !== undefined ? (
        <Editor key={connection} read={data} />
      ) : error === null ? (
        <BodySkeleton />
      ) : (
        <ProblemNotice problem={error} onRetry={() => void refetch()} />
      )}
    </>
  )
}

function NotConnected() {
  const { t } = useWords()
  return (
    <Nothing
      icon={IconPlugConnectedX}
      title={t('mapping.notConnected.title')}
      text={t('mapping.notConnected.text')}
    >
      <Button component={Link} href="/connect">
        {t('mapping.notConnected.link')}
      </Button>
    </Nothing>
  )
}

function Editor({ read }: { read: SettingsView }) {
  const { t } = useWords()
  const mayEdit = useMay('operate')
  const survey = useSurvey({ enabled: mayEdit })
  const offered = survey.data ?? null
  const drafting = useDraft(read, { editable: mayEdit })
  const { state, dispatch, dirty } = drafting
  const previewed = usePreview(state.draft, { enabled: offered !== null })
  const { preview } = previewed
  if (mayEdit && survey.isPending) return <BodySkeleton />
  if (survey.error?.code === NOT_CONNECTED) return <NotConnected />
  const faults = placeFaults((preview ?? state.view).faults, state.draft)
  const rows = joinRows({ draft: state.draft, survey: offered, preview, faults })
  return (
    <Stack gap="lg" maw={1120}>
      {mayEdit ? null : (
        <Alert variant="light" color="gray" icon={<IconInfoCircle aria-hidden />}>
          {t('mapping.readOnly')}
        </Alert>
      )}
      {survey.error === null ? null : (
        <ProblemNotice problem={survey.error} onRetry={() => void survey.refetch()} />
      )}
      <LastSaving drafting={drafting} survey={offered} />
      <ProblemList
        problems={faults.rest.map((fault) => ({ ...fault, message: `${fault.path}: ${fault.message}` }))}
      />
      <RowsPanel rows={rows} survey={offered} dispatch={dispatch} />
      <StagesPanel draft={state.draft} survey={offered} faults={faults.ofStage} dispatch={dispatch} />
      <ListsPanel draft={state.draft} survey={offered} faults={faults.ofList} dispatch={dispatch} />
      <MorePanel
        draft={state.draft}
        editable={offered !== null}
        faults={faults.ofCountry}
        dispatch={dispatch}
      />
      {dirty && offered !== null ? (
        <>
          <UnsavedBar conflict={state.theirs !== null} />
          <ReviewPanel drafting={drafting} previewed={previewed} survey={offered} />
        </>
      ) : null}
      <Text fz="sm" c="dimmed">
        {state.view.file === null ? t('mapping.keptInStore') : t('mapping.keptIn', { file: state.view.file })}
      </Text>
      <LeaveGuard when={dirty} />
    </Stack>
  )
}

/** Stays in sight until what it leads to is. */
function UnsavedBar({ conflict }: { conflict: boolean }) {
  const { t } = useWords()
  const review = (): void => {
    const panel = document.getElementById('mapping-review')
    panel?.closest('section')?.scrollIntoView({ block: 'start' })
    panel?.focus({ preventScroll: true })
  }
  return (
    <Paper className="page-panel mapping-bar" px="md" py="xs" radius="lg" shadow="md">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fz="sm" fw={550} role="status">
          {t(conflict ? 'mapping.conflict.title' : 'mapping.unsaved')}
        </Text>
        <Button size="xs" variant="default" onClick={review}>
          {t('mapping.toReview')}
        </Button>
      </Group>
    </Paper>
  )
}
