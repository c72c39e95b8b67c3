/** The records of a cause, a page at a time: the server never sends them all. */
import { Button, Group, Stack, Switch, Text, VisuallyHidden } from '@mantine/core'
import { DataTable } from 'mantine-datatable'
import '@mantine/core/styles/ScrollArea.css'
import '@mantine/core/styles/Pagination.css'
import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Menu.css'
import '@mantine/core/styles/Table.css'
import 'mantine-datatable/styles.css'
import { useState } from 'react'
import { useLook } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { StateLabel } from '../parts/state-label.tsx'
import { DiscardButton } from './discard-button.tsx'
import type { Failure } from './failure-text.tsx'
import type { Selection } from './failures-view.tsx'
import { RecordName } from './record-name.tsx'
import { RetryButton } from './retry-button.tsx'

const SIZES = [20, 50, 200]

export type FailureTableProps = {
  readonly code: string
  readonly withDiscarded: boolean
  readonly retrying: boolean
  readonly onRetry: (selection: Selection) => void
}

const keyOf = ({ entity, id }: Failure): string => `${entity} ${id}`

export function FailureTable({ code, withDiscarded: all, retrying, onRetry }: FailureTableProps) {
  const { t, ago, dateTime, number } = useWords()
  const mayOperate = useMay('operate')
  const [page, setPage] = useState(1)
  const [size, setSize] = useState(SIZES[0] ?? 20)
  const [withDiscarded, setWithDiscarded] = useState(all)
  const [selected, setSelected] = useState<Failure[]>([])
  const { data, error, isFetching, refetch } = useLook(
    'failures.page',
    { code, withDiscarded, offset: (page - 1) * size, limit: size },
    { keep: true, everyMs: 10_000 },
  )
  if (error !== null && data === undefined)
    return <ProblemNotice problem={error} onRetry={() => void refetch()} />
  const ids = selected.map(({ id }) => id)
  return (
    <Stack gap="sm">
      <Group justify="space-between" mih={36}>
        {selected.length > 0 && mayOperate ? (
          <Group gap="sm">
            <Text fz="sm">{t('failures.selected', { count: ids.length, number: number(ids.length) })}</Text>
            <RetryButton
              selection={{ ids, code }}
              count={ids.length}
              label={t('failures.retrySelected')}
              variant="light"
              size="xs"
              disabled={retrying}
              onRetry={onRetry}
            />
            <DiscardButton
              selection={{ ids, code }}
              count={ids.length}
              label={t('failures.discardSelected')}
              onDone={() => setSelected([])}
            />
          </Group>
        ) : (
          <span />
        )}
        <Switch
          size="sm"
          label={t('failures.showDiscarded')}
          checked={withDiscarded}
          onChange={(event) => {
            setPage(1)
            setWithDiscarded(event.currentTarget.checked)
          }}
        />
      </Group>
      <DataTable<Failure>
        records={[...(data?.items ?? [])]}
        idAccessor={keyOf}
        fetching={isFetching && data === undefined}
        minHeight={data === undefined || data.total === 0 ? 160 : 0}
        noRecordsText={t('failures.none')}
        totalRecords={data?.total ?? 0}
        recordsPerPage={size}
        recordsPerPageOptions={SIZES}
        onRecordsPerPageChange={(next) => {
          setPage(1)
          setSize(next)
        }}
        recordsPerPageLabel={t('failures.recordsPerPage')}
        page={page}
        onPageChange={setPage}
        paginationText={({ from, to, totalRecords }) =>
          t('overview.ofTotal', { done: `${number(from)}–${number(to)}`, total: number(totalRecords) })
        }
        {...(mayOperate ? { selectedRecords: selected, onSelectedRecordsChange: setSelected } : {})}
        borderColor="var(--page-line)"
        rowBorderColor="var(--page-line)"
        withTableBorder
        borderRadius="md"
        columns={[
          {
            accessor: 'id',
            title: t('failures.record'),
            render: (failure) => <RecordName failure={failure} />,
          },
          {
            accessor: 'message',
            title: t('failures.whatHappened'),
            width: 380,
            render: ({ message }) => <ServerWords>{message}</ServerWords>,
          },
          {
            accessor: 'attempts',
            title: t('failures.attempts'),
            textAlign: 'right',
            render: ({ attempts }) => number(attempts),
          },
          {
            accessor: 'lastAt',
            title: t('failures.last'),
            render: ({ lastAt }) => (
              <time dateTime={lastAt} title={dateTime(lastAt)}>
                {ago(lastAt)}
              </time>
            ),
          },
          {
            accessor: 'discarded',
            title: t('failures.state'),
            hidden: !withDiscarded,
            render: ({ discarded }) => (
              <StateLabel tone={discarded ? 'none' : 'bad'}>
                {t(discarded ? 'failures.discarded' : 'failures.open')}
              </StateLabel>
            ),
          },
          {
            accessor: 'retry',
            title: <VisuallyHidden>{t('failures.actions')}</VisuallyHidden>,
            textAlign: 'right',
            hidden: !mayOperate,
            render: ({ id }) => (
              <Button
                variant="subtle"
                size="compact-sm"
                disabled={retrying}
                onClick={() => onRetry({ ids: [id], code })}
              >
                {t('failures.retryOne')}
              </Button>
            ),
          },
        ]}
      />
    </Stack>
  )
}
