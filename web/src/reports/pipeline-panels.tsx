/** The parts of the pipeline report that are bars and tables. */
import { useWords } from '../language/use-words.ts'
import { BarList } from './bar-list.tsx'
import type { Pipeline } from './pipeline-report.tsx'
import { ReportPanel } from './report-panel.tsx'
import { useByName } from './use-choices.ts'

/** The greatest; the table and the file have all. */
const BARS = 12

export function FunnelPanel({ funnel, alone }: { funnel: Pipeline['funnels'][number]; alone: boolean }) {
  const { t, number, percent } = useWords()
  const title = alone ? t('reports.funnel.title') : `${t('reports.funnel.title')}: ${funnel.pipeline}`
  const share = (value: number | null): string => (value === null ? '' : percent(value))
  const bars = [
    ...funnel.stages.map(({ stageId, name, reached, conversion }) => ({
      key: String(stageId),
      name,
      value: reached,
      text: number(reached),
      more: conversion === null ? undefined : t('reports.funnel.wentOn', { share: percent(conversion) }),
    })),
    {
      key: 'won',
      name: t('reports.funnel.won'),
      value: funnel.won,
      text: number(funnel.won),
      more: share(funnel.conversion),
    },
  ]
  return (
    <ReportPanel
      title={title}
      note={t('reports.funnel.note')}
      name={`funnel-${funnel.pipelineId}`}
      empty={t('reports.none')}
      rows={funnel.deals === 0 ? [] : funnel.stages}
      keyOf={({ stageId }) => String(stageId)}
      columns={[
        { title: t('reports.funnel.stage'), cell: ({ name }) => name },
        { title: t('reports.funnel.reached'), cell: ({ reached }) => reached, figure: true },
        {
          title: t('reports.funnel.conversion'),
          cell: ({ conversion }) => conversion,
          show: ({ conversion }) => share(conversion),
          figure: true,
        },
        { title: t('reports.funnel.drop'), cell: ({ drop }) => drop, figure: true },
        { title: t('reports.funnel.lost'), cell: ({ lost }) => lost, figure: true },
        { title: t('reports.funnel.open'), cell: ({ open }) => open, figure: true },
      ]}
    >
      <BarList label={title} bars={bars} />
    </ReportPanel>
  )
}

export function TimePanel({ report: { timeInStage } }: { report: Pipeline }) {
  const { t, number } = useWords()
  const title = t('reports.time.title')
  return (
    <ReportPanel
      title={title}
      note={t('reports.time.note')}
      name="time-in-stage"
      empty={t('reports.time.none')}
      rows={timeInStage}
      keyOf={({ stageId }) => String(stageId)}
      columns={[
        { title: t('reports.time.stage'), cell: ({ name }) => name },
        { title: t('reports.time.stays'), cell: ({ stays }) => stays, figure: true },
        { title: t('reports.time.median'), cell: ({ medianDays }) => medianDays, figure: true },
        { title: t('reports.time.p90'), cell: ({ p90Days }) => p90Days, figure: true },
        { title: t('reports.time.average'), cell: ({ averageDays }) => averageDays, figure: true },
      ]}
    >
      <BarList
        label={title}
        bars={timeInStage.map(({ stageId, name, medianDays, p90Days }) => ({
          key: String(stageId),
          name,
          value: medianDays,
          upTo: p90Days,
          text: number(round(medianDays)),
          more: `${t('reports.time.p90')} ${number(round(p90Days))}`,
        }))}
      />
    </ReportPanel>
  )
}

export function OpenPanel({ report: { openStages, currency } }: { report: Pipeline }) {
  const { t, money, percent } = useWords()
  const title = t('reports.open.title')
  return (
    <ReportPanel
      title={title}
      note={t('reports.open.note')}
      name="open-deals"
      empty={t('reports.open.none')}
      rows={openStages}
      keyOf={({ stageId }) => String(stageId)}
      columns={[
        { title: t('reports.open.stage'), cell: ({ name }) => name },
        { title: t('reports.open.deals'), cell: ({ open }) => open.deals, figure: true },
        {
          title: t('reports.open.value'),
          unit: currency,
          cell: ({ open }) => open.value,
          show: ({ open }) => money(open.value, currency),
          figure: true,
        },
        {
          title: t('reports.open.probability'),
          cell: ({ probability }) => probability,
          show: ({ probability }) => (probability === null ? '' : percent(probability)),
          figure: true,
        },
        {
          title: t('reports.open.weighted'),
          unit: currency,
          cell: ({ weighted }) => weighted,
          show: ({ weighted }) => money(weighted, currency),
          figure: true,
        },
      ]}
    >
      <BarList
        label={title}
        bars={openStages.map(({ stageId, name, open, weighted }) => ({
          key: String(stageId),
          name,
          value: weighted,
          upTo: open.value,
          text: money(open.value, currency),
          more: `${t('reports.open.weighted')} ${money(weighted, currency)}`,
        }))}
      />
    </ReportPanel>
  )
}

export function GroupsPanel({ report: { groups, by, currency } }: { report: Pipeline }) {
  const { t, money, percent, number } = useWords()
  const byName = useByName()
  const title = t('reports.groups.title', { label: by === null ? '' : byName(by) })
  const nameOf = useGroupName()
  return (
    <ReportPanel
      title={title}
      name={`by-${by?.key}`}
      empty={t('reports.none')}
      rows={groups}
      keyOf={({ key }) => key}
      columns={[
        { title: t('reports.groups.name'), cell: nameOf },
        { title: t('reports.groups.added'), cell: ({ added }) => added, figure: true },
        { title: t('reports.groups.won'), cell: ({ won }) => won.deals, figure: true },
        { title: t('reports.groups.lost'), cell: ({ lost }) => lost, figure: true },
        {
          title: t('reports.groups.value'),
          unit: currency,
          cell: ({ won }) => won.value,
          show: ({ won }) => money(won.value, currency),
          figure: true,
        },
        {
          title: t('reports.groups.winRate'),
          cell: ({ winRate }) => winRate,
          show: ({ winRate }) => (winRate === null ? '' : percent(winRate)),
          figure: true,
        },
        {
          title: t('reports.groups.cycle'),
          cell: ({ medianCycleDays }) => medianCycleDays,
          show: ({ medianCycleDays }) => (medianCycleDays === null ? '' : number(round(medianCycleDays))),
          figure: true,
        },
        {
          title: t('reports.groups.weighted'),
          unit: currency,
          cell: ({ weighted }) => weighted,
          show: ({ weighted }) => money(weighted, currency),
          figure: true,
        },
      ]}
    >
      <BarList
        label={title}
        bars={groups.slice(0, BARS).map((group) => ({
          key: group.key,
          name: nameOf(group),
          value: group.won.value,
          text: money(group.won.value, currency),
          more: t('reports.summary.deals', { count: group.won.deals, number: number(group.won.deals) }),
        }))}
      />
    </ReportPanel>
  )
}

/** What a deal has nothing of, and yes and no, in the language of the page; the rest is the account's own. */
function useGroupName(): (group: Pick<Pipeline['groups'][number], 'key' | 'name'>) => string {
  const { t, lookUp } = useWords()
  return ({ key, name }) => (key === '' ? t('reports.nothing') : (lookUp(`reports.flags.${key}`) ?? name))
}

function round(days: number): number {
  return Math.round(days * 10) / 10
}
