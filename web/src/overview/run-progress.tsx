/** How far a pass is: its stage, how much of it is done, and how long the rest will take at this pace. */
import { Group, Loader, Paper, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Progress as Told } from '../api/call.ts'
import { useWords } from '../language/use-words.ts'
import { ServerWords } from '../parts/server-words.tsx'
import { estimateLeft, nothingEstimated, type TimeLeft } from './estimate-left.ts'

export type RunProgressProps = {
  readonly title: string
  readonly progress: Told | null
  readonly notice: string | null
}

const STAGES = ['check', 'read', 'project', 'deliver', 'verify', 'done'] as const

export function RunProgress({ title, progress, notice }: RunProgressProps) {
  const { t, number } = useWords()
  const stage = STAGES.find((one) => one === progress?.stage) ?? 'check'
  const left = useTimeLeft(progress)
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null
  const counted =
    progress === null || (progress.done === 0 && progress.total === null)
      ? null
      : progress.total === null
        ? number(progress.done)
        : t('overview.ofTotal', { done: number(progress.done), total: number(progress.total) })
  return (
    <Paper className="page-panel" p="lg" radius="lg" role="status">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Loader size="xs" aria-hidden />
            <Text fw={600}>{title}</Text>
          </Group>
          <Text fz="sm" c="dimmed" className="page-figure">
            {[counted, left].filter(Boolean).join(' · ')}
          </Text>
        </Group>
        <Progress
          value={((STAGES.indexOf(stage) + (share ?? 0.5)) / STAGES.length) * 100}
          aria-label={title}
          transitionDuration={200}
        />
        <Text fz="sm" c="dimmed">
          {notice === null ? t(`overview.stage.${stage}`) : <ServerWords>{notice}</ServerWords>}
        </Text>
      </Stack>
    </Paper>
  )
}

/** In words; null while nothing can be said. */
function useTimeLeft(progress: Told | null): string | null {
  const { t, number } = useWords()
  const estimate = useRef(nothingEstimated)
  const [left, setLeft] = useState<TimeLeft | null>(null)
  useEffect(() => {
    estimate.current = estimateLeft(estimate.current, progress, Date.now())
    setLeft(estimate.current.left)
  }, [progress])
  if (left === null) return null
  if (left.unit === 'moment') return t('overview.left.moment')
  return t(`overview.left.${left.unit}`, { count: left.value, number: number(left.value) })
}
