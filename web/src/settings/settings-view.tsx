/** Settings. */
import { useWords } from '../language/use-words.ts'
import { ViewHead } from '../parts/view-head.tsx'

export function SettingsView() {
  const { t } = useWords()
  return <ViewHead title={t('settings.title')} />
}
