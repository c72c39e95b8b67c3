/** What happens on the server, as it happens. */
import { Text, VisuallyHidden } from '@mantine/core'
import { type News, useActivity } from '../api/use-activity.ts'
import { useWords } from '../language/use-words.ts'
import { Panel } from '../parts/panel.tsx'
import { ServerWords } from '../parts/server-words.tsx'
import { StateLabel } from '../parts/state-label.tsx'

const COLORS = { error: 'var(--page-bad)', warn: 'var(--page-warn)' } as const

export function ActivityPanel() {
  const { t, clock } = useWords()
  const { state, news } = useActivity()
  const title = t('overview.activity.title')
  return (
    <Panel
      title={title}
      action={
        <StateLabel tone={state === 'open' ? 'good' : state === 'lost' ? 'warn' : 'none'}>
          {t(`overview.activity.${state}`)}
        </StateLabel>
      }
    >
      {news.length === 0 ? (
        <Text c="dimmed">{t('overview.activity.none')}</Text>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <ol className="page-feed" aria-label={title} tabIndex={0}>
          {news.map(({ id, at, level, event, message, details }) => (
            <li key={id}>
              <Text component="time" dateTime={at} fz="sm" c="dimmed" className="page-figure">
                {clock(at)}
              </Text>
              <span style={level === 'error' || level === 'warn' ? { color: COLORS[level] } : undefined}>
                {level === 'error' || level === 'warn' ? (
                  <VisuallyHidden>{t(`overview.activity.level.${level}`)}: </VisuallyHidden>
                ) : null}
                <Message event={event} message={message} details={details} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

/** What happens often has words of the page; what is rare is told as the server's log has it. */
function Message({ event, message, details }: Pick<News, 'event' | 'message' | 'details'>) {
  const { lookUp } = useWords()
  const said = lookUp(`overview.activity.events.${event.replace('.', '_')}`, details)
  return said === null ? <ServerWords>{message}</ServerWords> : said
}
