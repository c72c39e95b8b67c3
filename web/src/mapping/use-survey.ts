/** What both accounts offer and how a draft would arrive, asked no more often than somebody needs it. */
import { useDebouncedValue } from '@mantine/hooks'
import { type QueryClient, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { Problem } from '../api/problem.ts'
import { useConnection, useDo } from '../api/use-operation.ts'
import { type Draft, toSend } from './draft-state.ts'
import type { Survey } from './find-field.ts'
import type { Preview } from './join-rows.ts'

const SURVEY_STALE_MS = 10 * 60_000
const PREVIEW_STALE_MS = 60_000
const TYPING_MS = 400

/** Asked once: every look costs both services. */
export function useSurvey({ enabled }: { enabled: boolean }): UseQueryResult<Survey, Problem> {
  const connection = useConnection()
  return useQuery<Survey, Problem>({
    queryKey: ['survey', connection],
    queryFn: ({ signal }) => call('settings.survey', {}, connection, signal),
    enabled,
    staleTime: SURVEY_STALE_MS,
    refetchOnWindowFocus: false,
  })
}

export type Previewed = {
  /** Of this draft or, while that is on its way, of the one before. */
  readonly preview: Preview | null
  /** It is of the draft as it stands. */
  readonly current: boolean
  readonly problem: Problem | null
  readonly retry: () => void
}

/** Waits until the typing rests. Each draft has its own answer, so that a late one never stands for a newer one. */
export function usePreview(draft: Draft, { enabled }: { enabled: boolean }): Previewed {
  const connection = useConnection()
  const [settled] = useDebouncedValue(draft, TYPING_MS)
  const asked = toSend(settled)
  const { data, error, isPlaceholderData, isFetching, refetch } = useQuery<Preview, Problem>({
    queryKey: ['preview', connection, asked],
    queryFn: ({ signal }) => call('settings.preview', { draft: asked }, connection, signal),
    enabled,
    staleTime: PREVIEW_STALE_MS,
    refetchOnWindowFocus: false,
    placeholderData: (before) => before,
  })
  return {
    preview: data ?? null,
    current: data !== undefined && error === null && !isPlaceholderData && isSame(asked, toSend(draft)),
    problem: isFetching ? null : error,
    retry: () => void refetch(),
  }
}

/** As sent: how a target was typed makes no difference. */
function isSame(one: Draft, other: Draft): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

export type Making<N extends 'settings.createAttribute' | 'settings.createList'> = ReturnType<typeof useDo<N>>

/** Makes an attribute in Brevo. Drafts are looked at again, since what they lacked may be there now. */
export function useCreateAttribute(): Making<'settings.createAttribute'> {
  const make = useDo('settings.createAttribute')
  const know = useKnowing()
  return {
    ...make,
    startAsync: async (params) => {
      const attribute = await make.startAsync(params)
      know(({ attributes, ...brevo }) => ({ ...brevo, attributes: [...attributes, attribute] }))
      return attribute
    },
  }
}

export function useCreateList(): Making<'settings.createList'> {
  const make = useDo('settings.createList')
  const know = useKnowing()
  return {
    ...make,
    startAsync: async (params) => {
      const list = await make.startAsync(params)
      know(({ lists, ...brevo }) => ({ ...brevo, lists: [...lists, list] }))
      return list
    },
  }
}

/** What was just made is known without asking for everything again. */
function useKnowing(): (change: (brevo: Survey['brevo']) => Survey['brevo']) => void {
  const queries: QueryClient = useQueryClient()
  const connection = useConnection()
  return (change) => {
    queries.setQueryData<Survey>(
      ['survey', connection],
      (survey) => survey && { ...survey, brevo: change(survey.brevo) },
    )
    void queries.invalidateQueries({ queryKey: ['preview', connection] })
  }
}
