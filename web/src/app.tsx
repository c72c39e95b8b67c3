/** Everything around the views: theme, language, questions to the server, and who is logged in. */
import { MantineProvider } from '@mantine/core'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import { useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { Problem } from './api/problem.ts'
import { sessionQuery } from './api/session.ts'
import { Gate } from './frame/gate.tsx'
import { cssVariables, theme } from './theme.ts'

/** A session that ended shows as a refusal of whatever is asked next: the log-in comes up. */
function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (error instanceof Problem && error.status === 401 && query.queryKey[0] !== 'session')
          queries.setQueryData(sessionQuery.queryKey, null)
      },
    }),
    defaultOptions: {
      // Keys are among what was sent and answered: nothing of it stays once nobody shows it.
      mutations: { gcTime: 0 },
      queries: {
        retry: (count, error) => error instanceof Problem && error.status === 0 && count < 2,
        refetchOnWindowFocus: true,
        staleTime: 5_000,
      },
    },
  })
  return queries
}

export function App({ language }: { language: i18n }) {
  const [queries] = useState(createQueries)
  return (
    <I18nextProvider i18n={language}>
      <QueryClientProvider client={queries}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <Gate />
        </MantineProvider>
      </QueryClientProvider>
    </I18nextProvider>
  )
}
