/** Which language the page speaks: the one that was chosen here before, else the browser's. One catalogue is loaded at a time. */
import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' }

const KEPT_AS = 'tajo-language'

/** The first of the preferred languages that there is a catalogue for. */
export function chooseLanguage(kept: string | null, preferred: readonly string[]): Language {
  const wanted = [kept ?? '', ...preferred].map((tag) => tag.toLowerCase().split('-')[0])
  return (
    languages.find((language) => language === wanted.find((tag) => languages.some((one) => one === tag))) ??
    'en'
  )
}

const load: Readonly<Record<Language, () => Promise<{ readonly messages: object }>>> = {
  en: () => import('./en.ts'),
  ko: () => import('./ko.ts'),
}

export async function createLanguage(): Promise<i18n> {
  const language = chooseLanguage(localStorage.getItem(KEPT_AS), navigator.languages)
  const { messages } = await load[language]()
  const instance = createInstance()
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: messages } },
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = language
  return instance
}

export async function switchLanguage(instance: i18n, language: Language): Promise<void> {
  const { messages } = await load[language]()
  instance.addResourceBundle(language, 'translation', messages)
  localStorage.setItem(KEPT_AS, language)
  document.documentElement.lang = language
  await instance.changeLanguage(language)
}
