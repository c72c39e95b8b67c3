/** Pipedrive by API token, or by signing in there. */
import { Button, Radio, Stack, Text, TextInput } from '@mantine/core'
import '@mantine/core/styles/Radio.css'
import { useState } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { AccountForm } from './account-form.tsx'
import { readCompanyDomain } from './company-domain.ts'
import { Connected, type Connector } from './connected.tsx'
import { OAuthWay } from './oauth-way.tsx'
import { SecretInput } from './secret-input.tsx'
import { StepFrame } from './step-frame.tsx'
import { useAccount, useForgetting } from './use-account.ts'

export type AccountStepProps = {
  readonly connector: Connector | undefined
  /** The server has to be kept from beginning by itself. */
  readonly toHold: boolean
  readonly onBack?: () => void
  readonly onDone: () => void
}

const WAYS = ['token', 'signIn'] as const

export function PipedriveStep({ connector, toHold, onDone }: AccountStepProps) {
  const { t } = useWords()
  const [replacing, setReplacing] = useState(false)
  const [way, setWay] = useState<(typeof WAYS)[number]>('token')
  const connected = connector !== undefined && connector.credentials !== 'none' && !replacing
  const forget = useForgetting()
  const done = (): void => {
    forget()
    setReplacing(false)
    onDone()
  }
  return (
    <StepFrame
      title={t('connect.pipedrive.title')}
      lead={t('connect.pipedrive.lead')}
      action={connected ? <Button onClick={onDone}>{t('connect.next')}</Button> : undefined}
    >
      {connected ? (
        <Connected
          connector={connector}
          onReplace={connector.credentials === 'stored' ? () => setReplacing(true) : undefined}
        />
      ) : (
        <Panel title={t('connect.pipedrive.how')}>
          <Stack gap="lg" maw={560}>
            <Radio.Group
              aria-label={t('connect.pipedrive.how')}
              value={way}
              onChange={(value) => setWay(WAYS.find((one) => one === value) ?? 'token')}
            >
              <Stack gap="sm">
                {WAYS.map((one) => (
                  <Radio
                    key={one}
                    value={one}
                    label={t(`connect.pipedrive.ways.${one}`)}
                    description={t(`connect.pipedrive.wayHelp.${one}`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {way === 'token' ? (
              <TokenForm toHold={toHold} onDone={done} />
            ) : (
              <OAuthWay toHold={toHold} onDone={done} />
            )}
          </Stack>
        </Panel>
      )}
    </StepFrame>
  )
}

function TokenForm({ toHold, onDone }: Pick<AccountStepProps, 'toHold' | 'onDone'>) {
  const { t } = useWords()
  const account = useAccount(toHold)
  const [apiToken, setApiToken] = useState('')
  const [company, setCompany] = useState('')
  const [missing, setMissing] = useState(false)
  const companyDomain = readCompanyDomain(company)
  const unreadable = company.trim() !== '' && companyDomain === null
  const submit = async (): Promise<void> => {
    setMissing(apiToken.trim() === '')
    if (apiToken.trim() === '' || unreadable) return
    const connecting = account.connect('connectors.connectPipedrive', {
      apiToken: apiToken.trim(),
      companyDomain,
    })
    setApiToken('')
    if ((await connecting) !== null) onDone()
  }
  return (
    <AccountForm account={account} onSubmit={submit}>
      <TextInput
        label={t('connect.pipedrive.company')}
        description={t('connect.pipedrive.companyHelp')}
        rightSection={
          <Text fz="sm" c="dimmed">
            .pipedrive.com
          </Text>
        }
        rightSectionWidth={124}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={company}
        error={unreadable ? t('connect.pipedrive.companyWrong') : null}
        onChange={(event) => setCompany(event.currentTarget.value)}
        onBlur={() => companyDomain !== null && setCompany(companyDomain)}
      />
      <SecretInput
        label={t('connect.pipedrive.token')}
        description={t('connect.pipedrive.tokenHelp')}
        value={apiToken}
        onChange={setApiToken}
        error={missing && apiToken === '' ? t('connect.pipedrive.tokenMissing') : null}
      />
    </AccountForm>
  )
}
