/** Language and appearance, within reach everywhere. Both are remembered by the browser, which also opens and closes this. */
import { ActionIcon, Stack } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { useId } from 'react'
import { useWords } from '../language/use-words.ts'
import { PreferenceFields } from './preference-fields.tsx'

export function PreferencesMenu() {
  const { t } = useWords()
  const id = useId()
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="lg"
        aria-label={t('frame.preferences')}
        popoverTarget={id}
      >
        <IconLanguage size={20} stroke={1.7} aria-hidden />
      </ActionIcon>
      <Stack
        id={id}
        popover="auto"
        className="page-popover"
        role="dialog"
        aria-label={t('frame.preferences')}
      >
        <PreferenceFields />
      </Stack>
    </>
  )
}
