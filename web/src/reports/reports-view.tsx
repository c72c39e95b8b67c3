/** Both reports, and what they count. */
import { Stack, Tabs } from '@mantine/core'
import { useLocation, useParams } from 'wouter'
import { useWords } from '../language/use-words.ts'
import { ViewHead } from '../parts/view-head.tsx'
import { AttributionReport } from './attribution-report.tsx'
import { PipelineReport } from './pipeline-report.tsx'
import { useScope } from './use-scope.ts'

export function ReportsView() {
  const { t } = useWords()
  const { report = 'pipeline' } = useParams<{ report?: string }>()
  const [, go] = useLocation()
  const [scope, change] = useScope()
  return (
    <>
      <ViewHead title={t('reports.title')} lead={t('reports.lead')} />
      <Tabs value={report} onChange={(value) => go(`/reports/${value ?? 'pipeline'}`)} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="pipeline">{t('reports.pipelineReport')}</Tabs.Tab>
          <Tabs.Tab value="attribution">{t('reports.attributionReport')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="pipeline">
          <Stack gap="lg">
            <PipelineReport scope={scope} onChange={change} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="attribution">
          <Stack gap="lg">
            <AttributionReport scope={scope} onChange={change} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
