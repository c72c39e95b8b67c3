/** The operations of the connection that is looked at, as React asks for them. */
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useState } from 'react'
import type { OperationName, ParamsGivenOf, ResultOf } from '../../../src/wire/index.ts'
import { call, follow, type Progress } from './call.ts'
import type { Problem } from './problem.ts'

/** Null: the server's own. */
export const ConnectionContext = createContext<string | null>(null)

export function useConnection(): string | null {
  return useContext(ConnectionContext)
}

export type Looking = { readonly enabled?: boolean; readonly everyMs?: number; readonly keep?: boolean }

export type Look<N extends OperationName> = UseQueryResult<ResultOf<N>, Problem>

export function useLook<N extends OperationName>(
  name: N,
  params: ParamsGivenOf<N>,
  { enabled = true, everyMs, keep = false }: Looking = {},
): Look<N> {
  const connection = useConnection()
  return useQuery<ResultOf<N>, Problem>({
    queryKey: ['operation', connection, name, params],
    queryFn: ({ signal }) => call(name, params, connection, signal),
    enabled,
    // Where there is only a refusal to show, it stays until somebody, or a server that is back, has it asked again.
    refetchInterval: ({ state: { data, status } }) =>
      everyMs === undefined || (data === undefined && status === 'error') ? false : everyMs,
    ...(keep ? { placeholderData: (before: ResultOf<N> | undefined) => before as never } : {}),
  })
}

export type Doing<N extends OperationName> = {
  readonly start: (params: ParamsGivenOf<N>) => void
  readonly startAsync: (params: ParamsGivenOf<N>) => Promise<ResultOf<N>>
  readonly reset: () => void
  readonly running: boolean
  readonly progress: Progress | null
  readonly notice: string | null
  readonly result: ResultOf<N> | null
  readonly problem: Problem | null
  readonly params: ParamsGivenOf<N> | null
}

/** Something that changes things: afterwards everything that is shown is asked for again. */
export function useDo<N extends OperationName>(name: N): Doing<N> {
  const connection = useConnection()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress | null>(null)
  const [notice, setNotice] = useState<string | null>(null)
  const mutation = useMutation<ResultOf<N>, Problem, ParamsGivenOf<N>>({
    mutationFn: (params) => {
      setProgress(null)
      setNotice(null)
      return follow(name, params, connection, { onProgress: setProgress, onNotice: setNotice })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['operation'] }),
  })
  return {
    start: mutation.mutate,
    startAsync: mutation.mutateAsync,
    reset: mutation.reset,
    running: mutation.isPending,
    progress: mutation.isPending ? progress : null,
    notice: mutation.isPending ? notice : null,
    result: mutation.data ?? null,
    problem: mutation.error,
    params: mutation.variables ?? null,
  }
}
