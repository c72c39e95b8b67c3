/** Brevo by API key, or by a private app. */
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { AccountForm } from './account-form.tsx'
import { Connected } from './connected.tsx'
import type { AccountStepProps } from './pipedrive-step.tsx'
import { SecretInput } from './secret-input.tsx'
import { StepFrame } from './step-frame.tsx'
import { useAccount, useForgetting } from './use-account.ts'

export function BrevoStep({ connector, toHold, onBack, onDone }: AccountStepProps) {
  const { t } = useWords()
  const [replacing, setReplacing] = useState(false)
  const connected = connector !== undefined && connector.credentials !== 'none' && !replacing
  const forget = useForgetting()
  const done = (): void => {
    forget()
    setReplacing(false)
    onDone()
  }
  return (
    <StepFrame
      title={t('connect.brevo.title')}
      lead={t('connect.brevo.lead')}
      onBack={onBack}
      action={connected ? <Button onClick={onDone}>{t('connect.next')}</Button> : undefined}
    >
      {connected ? (
        <Connected
          connector={connector}
          onReplace={connector.credentials === 'stored' ? () => setReplacing(true) : undefined}
        />
      ) : (
        <>
          <Panel title={t('connect.brevo.how')}>
            <KeyForm toHold={toHold} onDone={done} />
          </Panel>
          <details className="connect-more">
            <summary>{t('connect.brevo.otherWays')}</summary>
            <Panel title={t('connect.brevo.app')} note={t('connect.brevo.appHelp')}>
              <AppForm toHold={toHold} onDone={done} />
            </Panel>
          </details>
        </>
      )}
    </StepFrame>
  )
}

type FormProps = Pick<AccountStepProps, 'toHold' | 'onDone'>

function KeyForm({ toHold, onDone }: FormProps) {
  const { t } = useWords()
  const account = useAccount(toHold)
  const [apiKey, setApiKey] = useState('')
  const [missing, setMissing] = useState(false)
  const submit = async (): Promise<void> => {
    setMissing(apiKey.trim() === '')
    if (apiKey.trim() === '') return
    const connecting = account.connect('connectors.connectBrevo', { apiKey: apiKey.trim() })
    setApiKey('')
    if ((await connecting) !== null) onDone()
  }
  return (
    <AccountForm account={account} onSubmit={submit}>
      <SecretInput
        label={t('connect.brevo.key')}
        description={t('connect.brevo.keyHelp')}
        value={apiKey}
        onChange={setApiKey}
        error={missing && apiKey === '' ? t('connect.brevo.keyMissing') : null}
      />
    </AccountForm>
  )
}

function AppForm({ toHold, onDone }: FormProps) {
  const { t } = useWords()
  const account = useAccount(toHold)
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const complete = clientId.trim() !== '' && clientSecret.trim() !== ''
  const submit = async (): Promise<void> => {
    if (!complete) return
    const connecting = account.connect('connectors.connectBrevoApp', {
      clientId: clientId.trim(),
      clientSecret: clientSecret.trim(),
    })
    setClientSecret('')
    if ((await connecting) !== null) onDone()
  }
  return (
    <AccountForm account={account} disabled={!complete} onSubmit={submit}>
      <TextInput
        label={t('connect.brevo.clientId')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={clientId}
        onChange={(event) => setClientId(event.currentTarget.value)}
      />
      <SecretInput
        label={t('connect.brevo.clientSecret')}
        description={t('connect.brevo.clientSecretHelp')}
        value={clientSecret}
        onChange={setClientSecret}
      />
    </AccountForm>
  )
}
