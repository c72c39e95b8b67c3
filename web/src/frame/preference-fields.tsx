/** The fields for language and appearance. */
import { NativeSelect, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Language, languageNames, languages, switchLanguage } from '../language/language.ts'
import { useWords } from '../language/use-words.ts'

const SCHEMES = ['auto', 'light', 'dark'] as const

export function PreferenceFields() {
  const { t, language } = useWords()
  const { i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <NativeSelect
        label={t('frame.language')}
        value={language}
        onChange={(event) => void switchLanguage(i18n, event.currentTarget.value as Language)}
        data={languages.map((value) => ({ value, label: languageNames[value] }))}
      />
      <NativeSelect
        label={t('frame.appearance')}
        value={colorScheme}
        onChange={(event) => setColorScheme(event.currentTarget.value as (typeof SCHEMES)[number])}
        data={SCHEMES.map((value) => ({ value, label: t(`frame.${value}`) }))}
      />
    </>
  )
}
