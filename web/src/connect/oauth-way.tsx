/** Signing in at Pipedrive in another tab. Where it cannot work it says what is missing. */
import { Anchor, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useDo } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { Refusal } from './refusal.tsx'
import { useAccount } from './use-account.ts'

export type OAuthWayProps = { readonly toHold: boolean; readonly onDone: () => void }

export function OAuthWay({ toHold, onDone }: OAuthWayProps) {
  const { t } = useWords()
  const account = useAccount(toHold)
  const waiting = useDo('oauth.wait')
  const [begun, setBegun] = useState<ResultOf<'oauth.begin'> | null>(null)
  const once = useRef(false)
  /** Only the last one counts, and none once this is gone. */
  const attempt = useRef(0)
  const begin = async (): Promise<void> => {
    const own = ++attempt.current
    setBegun(null)
    waiting.reset()
    const authorisation = await account.connect('oauth.begin', {})
    if (authorisation === null || own !== attempt.current) return
    setBegun(authorisation)
    // What stood in the way is shown below.
    await waiting.startAsync({ id: authorisation.id }).then(
      () => own === attempt.current && onDone(),
      () => undefined,
    )
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address is made once; another one when it is asked for
  useEffect(() => {
    if (once.current) return
    once.current = true
    void begin()
  }, [])
  if (account.problem !== null) return <Refusal problem={account.problem} onRetry={() => void begin()} />
  if (waiting.problem !== null) return <Refusal problem={waiting.problem} onRetry={() => void begin()} />
  if (begun === null) return <Loader size="sm" aria-label={t('frame.loading')} />
  return (
    <Stack gap="sm">
      <Group>
        <Button
          component="a"
          href={begun.url}
          target="_blank"
          rel="noreferrer"
          rightSection={<IconExternalLink size={16} aria-hidden />}
        >
          {t('connect.oauth.open')}
        </Button>
      </Group>
      <Group gap="sm" wrap="nowrap" role="status">
        <Loader size="xs" aria-hidden />
        <Text fz="sm" c="dimmed">
          {t('connect.oauth.waiting')}{' '}
          <Anchor component="button" type="button" fz="sm" underline="always" onClick={() => void begin()}>
            {t('connect.oauth.again')}
          </Anchor>
        </Text>
      </Group>
    </Stack>
  )
}
