/** Setting up a connection, from two accounts to the first sync, step by step. What the server knows survives a reload. */
import { Stack } from '@mantine/core'
import { useState } from 'react'
import { useLocation, useParams } from 'wouter'
import type { ResultOf } from '../../../src/wire/index.ts'
import { useConnection, useLook } from '../api/use-operation.ts'
import { useWords } from '../language/use-words.ts'
import { ProblemNotice } from '../parts/problem-notice.tsx'
import { BodySkeleton } from '../parts/skeletons.tsx'
import { ViewHead } from '../parts/view-head.tsx'
import { AlreadyRunning } from './already-running.tsx'
import { BrevoStep } from './brevo-step.tsx'
import { Choosing } from './choosing.tsx'
import './connect.css'
import { PipedriveStep } from './pipedrive-step.tsx'
import { Stepper } from './stepper.tsx'
import { allowedStep, isStep, judgeSetup, type Step } from './steps.ts'

export function ConnectView() {
  const { t } = useWords()
  const connection = useConnection()
  return (
    <>
      <ViewHead title={t('connect.title')} lead={t('connect.lead')} />
      <Standing key={connection} />
    </>
  )
}

function Standing() {
  const status = useLook('status.read', {})
  const connectors = useLook('connectors.list', {})
  if (status.data !== undefined && connectors.data !== undefined)
    return <Wizard status={status.data} connectors={connectors.data} />
  const failed = [status, connectors].find(({ error }) => error !== null)
  return failed?.error ? (
    <ProblemNotice problem={failed.error} onRetry={() => void failed.refetch()} />
  ) : (
    <BodySkeleton />
  )
}

type WizardProps = {
  readonly status: ResultOf<'status.read'>
  readonly connectors: ResultOf<'connectors.list'>
}

function Wizard({ status, connectors }: WizardProps) {
  const { step: named } = useParams<{ step?: string }>()
  const [, navigate] = useLocation()
  const setup = judgeSetup({ status, connectors })
  // Choices stay while somebody goes back, and the first sync stays in sight when it has ended the setting up.
  const [choosing, setChoosing] = useState(false)
  const wanted = isStep(named) ? named : null
  const isRunning = setup.state === 'running' && !choosing
  const step = allowedStep(wanted ?? setup.next, setup)
  const isAccount = step === 'pipedrive' || step === 'brevo'
  if (isRunning && (wanted === null || !isAccount)) return <AlreadyRunning hold={status.hold} />
  if (!isAccount && !choosing) setChoosing(true)
  const go = (to: Step): void => navigate(`/connect/${to}`)
  const leave = (): void => navigate('/connect')
  const connector = (name: 'pipedrive' | 'brevo') => connectors.find((one) => one.name === name)
  return (
    <Stack gap="lg" maw={1120}>
      {isRunning ? null : <Stepper current={step} next={setup.next} />}
      {step === 'pipedrive' ? (
        <PipedriveStep
          key={step}
          connector={connector(step)}
          toHold={setup.toHold}
          onDone={() => (isRunning ? leave() : go('brevo'))}
        />
      ) : null}
      {step === 'brevo' ? (
        <BrevoStep
          key={step}
          connector={connector(step)}
          toHold={setup.toHold}
          onBack={() => (isRunning ? leave() : go('pipedrive'))}
          onDone={() => (isRunning ? leave() : go('mapping'))}
        />
      ) : null}
      {choosing ? <Choosing step={step} go={go} /> : null}
    </Stack>
  )
}
