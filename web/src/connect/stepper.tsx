/** Where one is among the steps. Those that can be gone to are links. */
import { Anchor, Text, VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useWords } from '../language/use-words.ts'
import { allowedStep, type Step, steps } from './steps.ts'

export type StepperProps = { readonly current: Step; readonly next: Step }

export function Stepper({ current, next }: StepperProps) {
  const { t, number } = useWords()
  const at = steps.indexOf(current)
  return (
    <nav aria-label={t('connect.steps.label')} className="connect-stepper">
      <ol>
        {steps.map((step, index) => {
          const name = t(`connect.steps.${step}`)
          const isDone = index < at
          const isOpen = index !== at && allowedStep(step, { next }) === step && (isDone || index < 4)
          return (
            <li
              key={step}
              data-state={index === at ? 'current' : isDone ? 'done' : 'coming'}
              aria-current={index === at ? 'step' : undefined}
            >
              <span className="connect-stepper-mark" aria-hidden>
                {isDone ? <IconCheck size={14} stroke={2.5} /> : number(index + 1)}
              </span>
              {isOpen ? (
                <Anchor component={Link} href={`/connect/${step}`} inherit>
                  {name}
                </Anchor>
              ) : (
                <span>{name}</span>
              )}
              {isDone ? <VisuallyHidden> ({t('connect.steps.done')})</VisuallyHidden> : null}
            </li>
          )
        })}
      </ol>
      <Text fz="sm" c="dimmed" className="connect-stepper-short">
        {t('connect.steps.of', { number: number(at + 1), total: number(steps.length) })}
      </Text>
    </nav>
  )
}
