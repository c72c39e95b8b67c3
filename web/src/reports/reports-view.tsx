/** Reports. */
import { useWords } from '../language/use-words.ts'
import { ViewHead } from '../parts/view-head.tsx'

export function ReportsView() {
  const { t } = useWords()
  return <ViewHead title={t('reports.title')} />
}
