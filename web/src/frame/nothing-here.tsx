/** An address without a view. */
import { Button, Title } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useWords } from '../language/use-words.ts'
import { Nothing } from '../parts/nothing.tsx'

export function NothingHere() {
  const { t } = useWords()
  return (
    <>
      <Title order={1}>{t('frame.notFound')}</Title>
      <Nothing icon={IconMapOff} title={t('frame.notFound')} text={t('frame.notFoundHelp')}>
        <Button component={Link} href="/" variant="default">
          {t('frame.toOverview')}
        </Button>
      </Nothing>
    </>
  )
}
