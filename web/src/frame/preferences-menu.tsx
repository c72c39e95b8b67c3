/** Language and appearance, within reach everywhere. Both are remembered by the browser. */
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconLanguage } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { languageNames, languages, switchLanguage } from '../language/language.ts'
import { useWords } from '../language/use-words.ts'

export const schemes = ['auto', 'light', 'dark'] as const

export function PreferencesMenu() {
  const { t, language } = useWords()
  const { i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="bottom-end" width={200} shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="lg"
          aria-label={t('frame.preferences')}
        >
          <IconLanguage size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('frame.language')}</Menu.Label>
        {languages.map((one) => (
          <Menu.Item
            key={one}
            lang={one}
            onClick={() => void switchLanguage(i18n, one)}
            rightSection={<Chosen when={one === language} />}
          >
            {languageNames[one]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('frame.appearance')}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={<Chosen when={scheme === colorScheme} />}
          >
            {t(`frame.${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Chosen({ when }: { when: boolean }) {
  return when ? <IconCheck size={16} aria-label="✓" /> : null
}
