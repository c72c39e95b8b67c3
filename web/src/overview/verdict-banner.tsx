/** The sentence, in its colour, with what follows from it. A page that lost its server never shows green. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useDo } from '../api/use-operation.ts'
import { useMay } from '../frame/session-context.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { Quote } from '../parts/server-words.tsx'
import { StateDot } from '../parts/state-label.tsx'
import { type Finding, isException, type Verdict } from './judge-status.ts'

export type VerdictBannerProps = {
  readonly verdict: Verdict
  readonly now: number
  /** What is known is old: the server could not be asked any more. */
  readonly lost: boolean
}

export function VerdictBanner({ verdict, now, lost }: VerdictBannerProps) {
  const { t } = useWords()
  const say = useSentences(now)
  if (lost)
    return (
      <section className="page-state page-verdict" data-tone="warn" data-testid="verdict">
        <Sentence tone="warn" text={t('overview.lost')}>
          <Text c="dimmed">{t('overview.lostMore')}</Text>
        </Sentence>
      </section>
    )
  const { tone, first, others } = verdict
  return (
    <section className="page-state page-verdict" data-tone={tone} aria-live="polite" data-testid="verdict">
      <Sentence tone={tone} text={first === null ? t('overview.inStep') : say.sentence(first)}>
        <Reason finding={first} />
        <Text c="dimmed">{first === null ? t('overview.inStepMore') : say.more(first)}</Text>
        <Way finding={first} />
        {others.length === 0 ? null : (
          <Text fz="sm" c="dimmed">
            {t('overview.also')}: {others.map(say.aside).join(' · ')}
          </Text>
        )}
      </Sentence>
    </section>
  )
}

function Sentence({
  tone,
  text,
  children,
}: {
  tone: Verdict['tone']
  text: string
  children: React.ReactNode
}) {
  return (
    <Group wrap="nowrap" align="flex-start" gap="md">
      <StateDot tone={tone} className="page-verdict-dot" />
      <Stack gap={6} align="flex-start">
        <p className="page-verdict-sentence" style={{ margin: 0 }}>
          {text}
        </p>
        {children}
      </Stack>
    </Group>
  )
}

/** Why it is paused, in the words of who knows. */
function Reason({ finding }: { finding: Finding | null }) {
  if (finding?.kind !== 'paused' && finding?.kind !== 'run_paused') return null
  return finding.reason === null ? null : <Quote>{finding.reason}</Quote>
}

function Way({ finding }: { finding: Finding | null }) {
  const { t } = useWords()
  if (finding?.kind === 'failures' || finding?.kind === 'discarded')
    return (
      <Anchor component={Link} href="/failures" fw={550}>
        {t('overview.seeFailures')}
      </Anchor>
    )
  if (finding?.kind === 'not_connected' || finding?.kind === 'being_set_up')
    return <ToSetUp kind={finding.kind} />
  if (finding?.kind === 'held') return <GoOn />
  if (finding?.kind === 'webhooks_unhealthy')
    return (
      <Anchor component={Link} href="/settings/webhooks" fw={550}>
        {t('overview.seeWebhooks')}
      </Anchor>
    )
  return null
}

function ToSetUp({ kind }: { kind: 'not_connected' | 'being_set_up' }) {
  const { t } = useWords()
  if (!useMay('admin')) return null
  return (
    <Button component={Link} href="/connect">
      {t(kind === 'not_connected' ? 'overview.setUp' : 'overview.goOnSettingUp')}
    </Button>
  )
}

function GoOn() {
  const { t } = useWords()
  const release = useDo('hold.end')
  if (!useMay('operate')) return null
  return (
    <>
      <Button
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={release.running}
        onClick={() => release.start({})}
      >
        {t('overview.goOn')}
      </Button>
      {release.problem === null ? null : <ProblemNotice problem={release.problem} />}
    </>
  )
}

function useSentences(now: number) {
  const { t, number, ago, dateTime } = useWords()
  const counted = (count: number) => ({ count, number: number(count) })
  const sentence = (finding: Finding): string => {
    switch (finding.kind) {
      case 'failures':
      case 'waiting':
      case 'differing':
      case 'discarded':
      case 'left_out':
        return t(`overview.finding.${finding.kind}`, counted(finding.count))
      case 'stuck':
        return t('overview.finding.stuck', { ...counted(finding.count), since: dateTime(finding.since) })
      case 'held':
        return t('overview.finding.held', { since: dateTime(finding.since) })
      case 'paused':
      case 'run_paused':
        return t(`overview.finding.${finding.kind}`, { reason: finding.reason ?? '' })
      default:
        return t(`overview.finding.${finding.kind}`)
    }
  }
  return {
    sentence,
    /** Beside another sentence, which says already that they are not in step. */
    aside: (finding: Finding): string =>
      isException(finding) ? t(`overview.aside.${finding.kind}`, counted(finding.count)) : sentence(finding),
    more: (finding: Finding): string => {
      if (finding.kind === 'paused' || finding.kind === 'run_paused')
        return finding.until === null
          ? t('overview.more.pausedOpen')
          : t('overview.more.paused', { until: `${dateTime(finding.until)} (${ago(finding.until, now)})` })
      return t(`overview.more.${finding.kind}`)
    },
  }
}
