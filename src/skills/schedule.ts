/** Times of schedules: five fields of cron in a time zone. */
import { CronExpressionParser } from 'cron-parser'
import { nearestName } from '../base/suggest.ts'
import type { ScheduleTrigger } from './skill.ts'

/** What is wrong with the expression; null when it has times. */
export function cronProblem(cron: string): string | null {
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 5 || cron.trim().startsWith('@'))
    return `expected five fields (minute, hour, day, month, weekday), such as "0 9 * * *"; found ${JSON.stringify(cron)}`
  try {
    CronExpressionParser.parse(fields.join(' '), { tz: 'UTC' }).next()
    return null
  } catch (error) {
    return `no times follow from ${JSON.stringify(cron)}: ${error instanceof Error ? error.message : String(error)}`
  }
}

export function zoneProblem(
  timezone: string,
): { readonly message: string; readonly suggestion?: string } | null {
  const zones = Intl.supportedValuesOf('timeZone')
  if (timezone === 'UTC' || zones.includes(timezone)) return null
  try {
    // Names that the list leaves out, such as Asia/Calcutta, are known all the same; "+01:00" is no place.
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    if (/^[A-Za-z]+\//.test(timezone)) return null
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  const suggestion = nearestName(timezone, zones)
  return {
    message: `expected a time zone of the IANA list, such as Europe/Berlin; found ${JSON.stringify(timezone)}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** The first time after `after`. */
export function nextTime({ cron, timezone }: Pick<ScheduleTrigger, 'cron' | 'timezone'>, after: Date): Date {
  return CronExpressionParser.parse(cron, { tz: timezone, currentDate: after }).next().toDate()
}
