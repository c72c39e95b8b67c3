/** A part of a report: a picture, the table behind it, and the same as a file. */
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/SegmentedControl.css'
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useWords } from '../language/use-words.ts'
import { download } from '../parts/download.ts'
import { Panel } from '../parts/panel.tsx'
import { ScrolledTable } from '../parts/scrolled-table.tsx'
import { Td } from '../parts/td.tsx'
import { type Cell, toCsv } from './to-csv.ts'

export type Column<Row> = {
  readonly title: string
  /** Of the figures, behind the title in the file: the currency of money. */
  readonly unit?: string
  /** As the file has it. */
  readonly cell: (row: Row) => Cell
  /** As the table shows it; default: the cell. */
  readonly show?: (row: Row) => ReactNode
  readonly figure?: boolean
  /** The table shows it already, in another column. */
  readonly onlyInFile?: boolean
}

export type ReportPanelProps<Row> = {
  readonly title: string
  readonly note?: string
  /** Of the file. */
  readonly name: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Instead of both where there are no rows. */
  readonly empty: string
  /** None: the table is all there is. */
  readonly children?: ReactNode
}

export function ReportPanel<Row>(props: ReportPanelProps<Row>) {
  const { title, note, name, columns, rows, empty, children } = props
  const { t } = useWords()
  const [shown, setShown] = useState<'chart' | 'table'>('chart')
  const save = (): void =>
    download(
      { name: `tajo-${name}.csv`, type: 'text/csv' },
      toCsv(
        columns.map(({ title: column, unit }) => (unit === undefined ? column : `${column} (${unit})`)),
        rows.map((row) => columns.map(({ cell }) => cell(row))),
      ),
    )
  return (
    <Panel
      title={title}
      note={note}
      action={
        rows.length === 0 ? null : (
          <Group gap="xs">
            {children === undefined ? null : (
              <SegmentedControl
                size="xs"
                aria-label={title}
                value={shown}
                onChange={(value) => setShown(value as 'chart' | 'table')}
                data={[
                  { value: 'chart', label: t('reports.chart') },
                  { value: 'table', label: t('reports.table') },
                ]}
              />
            )}
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
              aria-label={t('reports.exportOf', { title })}
              onClick={save}
            >
              {t('reports.export')}
            </Button>
          </Group>
        )
      }
    >
      {rows.length === 0 ? (
        <Text c="dimmed">{empty}</Text>
      ) : children === undefined || shown === 'table' ? (
        <Rows {...props} />
      ) : (
        children
      )}
    </Panel>
  )
}

/** So many at first, and ten times as many more at a time: a field may have a hundred thousand values. The file has them all. */
const SHOWN = 50

function Rows<Row>({ title, columns: all, rows, keyOf }: ReportPanelProps<Row>) {
  const { t, number } = useWords()
  const columns = all.filter(({ onlyInFile = false }) => !onlyInFile)
  const [most, setMost] = useState(SHOWN)
  const left = rows.length - most
  const plain = (cell: Cell): ReactNode => (typeof cell === 'number' ? number(cell) : cell)
  return (
    <Stack gap="sm" align="stretch">
      <ScrolledTable
        label={title}
        head={columns.map((column) => column.title)}
        figures={columns.flatMap(({ figure }, index) => (figure ? [index] : []))}
      >
        {rows.slice(0, most).map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title: column, cell, show, figure }) => (
              <Td key={column} ta={figure ? 'right' : 'left'} className={figure ? 'page-figure' : undefined}>
                {show === undefined ? plain(cell(row)) : show(row)}
              </Td>
            ))}
          </tr>
        ))}
      </ScrolledTable>
      {left <= 0 ? null : (
        <Group gap="sm">
          <Text fz="sm" c="dimmed">
            {t('overview.ofTotal', { done: number(most), total: number(rows.length) })}
          </Text>
          <Button size="xs" variant="default" onClick={() => setMost(most + SHOWN * 10)}>
            {t('reports.more', { number: number(Math.min(left, SHOWN * 10)) })}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
