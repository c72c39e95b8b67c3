/** How all questions to the server are asked: how often again, and what follows when the session ends, or the server is lost and back. */
import { type Query, QueryCache, QueryClient } from '@tanstack/react-query'
import { isLost, Problem } from './problem.ts'
import { sessionQuery } from './session.ts'

export function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (!(error instanceof Problem) || isSession(query)) return
        // A session that ended shows as a refusal of whatever is asked next: the log-in comes up.
        if (error.status === 401) queries.setQueryData(sessionQuery.queryKey, null)
        // The session is asked for until the server is back.
        else if (isLost(error))
          void queries.refetchQueries({ queryKey: sessionQuery.queryKey }, { cancelRefetch: false })
      },
      onSuccess: (_, query) => {
        if (isSession(query)) void queries.refetchQueries({ type: 'active', predicate: wasLost })
      },
    }),
    defaultOptions: {
      // Keys are among what was sent and answered: nothing of it stays once nobody shows it.
      mutations: { gcTime: 0, networkMode: 'always' },
      queries: {
        retry: (count, error) => error instanceof Problem && error.status === 0 && count < 2,
        refetchOnWindowFocus: true,
        staleTime: 5_000,
        // The server may be on this very machine: what the browser thinks of its network says nothing of it.
        networkMode: 'always',
      },
    },
  })
  return queries
}

function isSession(query: Pick<Query, 'queryKey'>): boolean {
  return query.queryKey[0] === sessionQuery.queryKey[0]
}

function wasLost(query: Query): boolean {
  const { error } = query.state
  return !isSession(query) && error instanceof Problem && isLost(error)
}
