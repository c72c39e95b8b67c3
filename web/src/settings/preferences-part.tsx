/** What only this browser remembers. */
import { Stack } from '@mantine/core'
import { PreferenceFields } from '../frame/preference-fields.tsx'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'

export function PreferencesPart() {
  const { t } = useWords()
  return (
    <Panel title={t('settings.preferences.title')} note={t('settings.preferences.note')}>
      <Stack maw={320}>
        <PreferenceFields />
      </Stack>
    </Panel>
  )
}
