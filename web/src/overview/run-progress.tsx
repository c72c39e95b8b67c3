/** How far a pass is: its stage, how much of it is done, and how long the rest will take at this pace. */
import { Group, Loader, Paper, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Progress as Told } from '../api/call.ts'
import { useWords } from '../language/use-words.ts'
import { ServerWords } from '../parts/server-words.tsx'

export type RunProgressProps = {
  readonly title: string
  readonly progress: Told | null
  readonly notice: string | null
}

const STAGES = ['check', 'read', 'project', 'deliver', 'verify', 'done'] as const
const ETA_AFTER_MS = 1_500

export function RunProgress({ title, progress, notice }: RunProgressProps) {
  const { t, number, duration } = useWords()
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
            {[counted, left === null ? null : t('overview.left', { time: duration(left) })]
              .filter(Boolean)
              .join(' · ')}
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

/** Seconds; null while nothing can be said. */
function useTimeLeft(progress: Told | null): number | null {
  const began = useRef({ key: '', atMs: 0, done: 0 })
  const [left, setLeft] = useState<number | null>(null)
  useEffect(() => {
    if (progress?.total == null) return setLeft(null)
    const { what, stage, done, total } = progress
    const key = `${stage} ${what}`
    const now = Date.now()
    if (began.current.key !== key) began.current = { key, atMs: now, done }
    const made = done - began.current.done
    const spent = now - began.current.atMs
    setLeft(made > 0 && spent > ETA_AFTER_MS ? ((total - done) * spent) / made / 1000 : null)
  }, [progress])
  return left
}
