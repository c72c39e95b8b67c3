/** Catches what a view throws while it is drawn, so that the frame stays. */
import { Alert, Button, Stack, Text } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useWords } from '../language/use-words.ts'
import { ServerWords } from './server-words.tsx'

type State = { readonly error: Error | null }

export class Fallen extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: Error): State {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error === null ? this.props.children : <FallenNotice error={error} />
  }
}

function FallenNotice({ error }: { error: Error }) {
  const { t } = useWords()
  return (
    <Alert role="alert" color="red" title={t('frame.crashed')} maw={720}>
      <Stack gap="sm" align="flex-start">
        <Text fz="sm">
          <ServerWords>{error.message}</ServerWords>
        </Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          {t('frame.reload')}
        </Button>
      </Stack>
    </Alert>
  )
}
