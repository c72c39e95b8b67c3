/** Asks before something unsaved is left: by the menu, by the browser's way back, or with the page itself. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useConnection } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { forgetDraft } from './kept-draft.ts'

export function LeaveGuard({ when }: { when: boolean }) {
  const { t } = useWords()
  const wanted = useHeldLeaving(when)
  return (
    <Modal
      opened={wanted.address !== null}
      onClose={wanted.stay}
      centered
      title={t('mapping.leave.title')}
      closeButtonProps={{ 'aria-label': t('frame.close') }}
    >
      <Stack>
        <Text>{t('mapping.leave.text')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={wanted.stay} data-autofocus>
            {t('mapping.leave.stay')}
          </Button>
          <Button color="red.9" onClick={wanted.leave}>
            {t('mapping.leave.leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** The way back is heard of when it is taken, before anything is drawn; every other way when the router hears of it. */
const WAYS = ['popstate', 'hashchange'] as const

function useHeldLeaving(when: boolean) {
  const [address, setAddress] = useState<string | null>(null)
  const passing = useRef(false)
  const connection = useConnection()
  useEffect(() => {
    if (!when) return
    const here = location.href
    const ask = (event: Event): void => {
      const { href, hash } = location
      if (passing.current || href === here) return
      event.stopImmediatePropagation()
      history.pushState(null, '', here)
      setAddress(hash)
    }
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    for (const way of WAYS) window.addEventListener(way, ask, { capture: true })
    window.addEventListener('beforeunload', warn)
    return () => {
      for (const way of WAYS) window.removeEventListener(way, ask, { capture: true })
      window.removeEventListener('beforeunload', warn)
    }
  }, [when])
  return {
    address,
    stay: () => setAddress(null),
    leave: () => {
      passing.current = true
      forgetDraft(connection)
      navigate(address ?? '')
    },
  }
}
