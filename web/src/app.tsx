/** Everything around the views: theme, language, questions to the server, and who is logged in. */
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import { useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { createQueries } from './api/queries.ts'
import { Gate } from './frame/gate.tsx'
import { cssVariables, theme } from './theme.ts'

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
