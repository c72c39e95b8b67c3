/**
 * The log of a running server: one line of JSON per piece of news, or one of text for a terminal. It takes what is
 * secret or personal out of every line and decides nothing.
 */
import { styleText } from 'node:util'
import { pino } from 'pino'
import { asError } from '../base/error.ts'
import type { LogLevel } from '../config/index.ts'
import type { LiveNews } from './live-face.ts'
import { toLoggedError, toSafeDetails, toSafeText } from './log-details.ts'

export type LogOptions = {
  /** Less than this is not written; `silent`: nothing. */
  readonly level: LogLevel
  readonly stream: { write(line: string): unknown }
  /** Text for somebody who looks at it, instead of JSON; default false. */
  readonly text?: boolean
  /** Colours in text; default false. */
  readonly color?: boolean
}

export type Log = {
  /** `{ "level", "time", "event", "details", "msg" }`. */
  news(news: LiveNews): void
  /** Something that was thrown, as an error line. */
  failure(event: string, message: string, thrown: unknown): void
}

type Line = {
  readonly level: string
  readonly time: string
  readonly event: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly msg: string
}

const LEVEL_STYLE = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const

export function createLog({ level, stream, text = false, color = false }: LogOptions): Log {
  const target = text
    ? { write: (line: string) => stream.write(`${toTextLine(JSON.parse(line) as Line, color)}\n`) }
    : stream
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    target as { write(line: string): void },
  )
  const write = (kind: LiveNews['level'], event: string, message: string, details: unknown): void => {
    if (logger.isLevelEnabled(kind)) logger[kind]({ event, details }, toSafeText(message))
  }
  return {
    news: ({ level: kind, event, message, details }) =>
      write(kind, event, message, Object.keys(details).length === 0 ? undefined : toSafeDetails(details)),
    failure: (event, message, thrown) =>
      write('error', event, message, { error: toLoggedError(asError(thrown)) }),
  }
}

/** `09:41:07 info  event.sent  Event deal_won sent.  dealId=12 contactId=77` */
function toTextLine({ level, time, event, details = {}, msg }: Line, color: boolean): string {
  const style = LEVEL_STYLE[level as keyof typeof LEVEL_STYLE] ?? 'red'
  const paint = (name: typeof style | 'dim', words: string): string =>
    color ? styleText(name, words, { validateStream: false }) : words
  const facts = Object.entries(details).map(
    ([name, value]) =>
      `${name}=${typeof value === 'string' && !/\s/.test(value) ? value : JSON.stringify(value)}`,
  )
  const words = [`${time.slice(11, 19)} ${paint(style, level.padEnd(5))}`, event, msg]
  return [...words, ...(facts.length > 0 ? [paint('dim', facts.join(' '))] : [])].join('  ')
}
