/**
 * What is wrong, by its code, in the viewer's words. The server speaks English: for English there are short names of causes, for
 * others a sentence for what happened and one for what to do. They come when something is wrong, and not with the page.
 */
import { useQuery } from '@tanstack/react-query'
import type { Language } from './language.ts'
import { useWords } from './use-words.ts'

export type CodeWords = {
  readonly cause: string
  /** Null: the server's own words say it. */
  readonly remedy: string | null
}

type Codes = Readonly<Record<string, CodeWords>>

const load: Readonly<Record<Language, () => Promise<{ readonly codes: Codes }>>> = {
  en: () => import('./en/codes.ts'),
  ko: () => import('./ko/codes.ts'),
}

/** As the server tells it. */
export type Told = {
  readonly code: string
  readonly message: string
  readonly remedy?: string | null | undefined
}

export type Explained = {
  /** In a few words, for headings. */
  readonly title: string
  readonly cause: string
  readonly remedy: string | null
  /** The server's own sentence, where the others are not: it names the field and the value. */
  readonly original: string | null
}

/** Empty while the words are on their way. */
export function useCodeWords(): (told: Told) => Explained {
  const { language } = useWords()
  const { data, isPending } = useQuery({
    queryKey: ['codes', language],
    queryFn: async () => (await load[language as Language]()).codes,
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
    retry: false,
  })
  return ({ code, message, remedy = null }) => {
    if (isPending) return { title: '', cause: '', remedy: null, original: null }
    const words = data?.[code]
    return words === undefined || words.remedy === null
      ? { title: words?.cause ?? message, cause: message, remedy, original: null }
      : { title: words.cause, cause: words.cause, remedy: words.remedy, original: message }
  }
}
