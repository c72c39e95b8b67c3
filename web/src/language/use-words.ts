/** The page's words and its numbers, in the language of the viewer. Keys are checked against the English catalogue. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { createFormats, type Formats, localeOf } from '../format/formats.ts'
import type { Messages } from './en.ts'

type Leaves<T, Path extends string = ''> = {
  [Key in keyof T & string]: T[Key] extends string
    ? `${Path}${Key extends `${infer Stem}_${'one' | 'other'}` ? Stem : Key}`
    : Leaves<T[Key], `${Path}${Key}.`>
}[keyof T & string]

export type MessageKey = Leaves<Messages>
export type Values = Readonly<Record<string, string | number>>

export type Words = Formats & {
  readonly t: (key: MessageKey, values?: Values) => string
  /** For keys made of what the server says: null where the catalogue knows nothing of it. */
  readonly lookUp: (key: string, values?: Values) => string | null
  readonly language: string
}

export function useWords(): Words {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const formats = useMemo(() => createFormats(localeOf(language, navigator.languages)), [language])
  return {
    ...formats,
    language,
    t: (key, values) => t(key, values ?? {}),
    lookUp: (key, values) => (i18n.exists(key) ? t(key, values ?? {}) : null),
  }
}
