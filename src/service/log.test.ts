/** The lines of the log: their shape, and what must never stand in them. */
import { describe, expect, it } from 'vitest'
import { TajoError } from '../base/error.ts'
import type { LogLevel } from '../config/index.ts'
import type { LiveNews } from './live-face.ts'
import { createLog } from './log.ts'

function openLog(level: LogLevel = 'info', text = false) {
  const lines: string[] = []
  const log = createLog({ level, text, stream: { write: (line) => lines.push(line) } })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> }
}

const news = (details: LiveNews['details'], message = 'Done.'): LiveNews => ({
  level: 'info',
  event: 'event.sent',
  message,
  details,
})

describe('a line', () => {
  it('is one JSON object with level, time, event, message and details', () => {
    const { log, lines, last } = openLog()
    log.news(news({ dealId: 12, status: 'won', at: new Date(0), ids: ['a', 'b'], left: null }))
    expect(lines[0]).toMatch(/^\{.*\}\n$/)
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      event: 'event.sent',
      msg: 'Done.',
      details: { dealId: 12, status: 'won', at: '1970-01-01T00:00:00.000Z', ids: ['a', 'b'], left: null },
    })
    log.news(news({}))
    expect(last()).not.toHaveProperty('details')
  })

  it('is written only where its level is asked for', () => {
    const { log, lines } = openLog('warn')
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log.news({ ...news({}), level })
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error'])
    const silent = openLog('silent')
    silent.log.news({ ...news({}), level: 'error' })
    expect(silent.lines).toEqual([])
  })

  it('is one line of text for a terminal', () => {
    const { log, lines } = openLog('info', true)
    log.news(news({ dealId: 12, reason: 'two words' }, 'Sent.'))
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d info {3}event\.sent {2}Sent\. {2}dealId=12 reason="two words"\n$/,
      ),
    ])
  })
})

describe('what is secret or personal', () => {
  it.each([
    [{ apiToken: 'abcdef' }],
    [{ headers: { authorization: 'Basic YWRhOmxvdmVsYWNl' } }],
    [{ deep: [{ password: 'hunter2', client_secret: 'abcdef' }] }],
    [{ name: 'Ada Lovelace', email: 'ada@example.com', phone: 4_912_345_678 }],
    [{ body: { first_name: 'Ada' }, payload: '{"x":"Ada"}', attributes: { FIRSTNAME: 'Ada' } }],
    [{ raw: Buffer.from('Ada') }],
  ])('is hidden under its name, however deep: %j', (details) => {
    const { log, lines } = openLog()
    log.news(news(details))
    expect(lines.join('')).not.toMatch(/abcdef|YWRh|hunter2|Ada|example\.com|4912345678|65,100,97/)
    expect(lines.join('')).toContain('[hidden]')
  })

  it.each([
    'Brevo refused ada.lovelace+crm@example.co.uk: invalid.',
    'Called +49 170 1234567 in vain.',
    'GET https://x.pipedrive.com/v1/users?api_token=0123456789abcdef failed',
    'Sent Authorization: Bearer 0123456789abcdef0123',
    'postgres://tajo:0123456789abcdef@db/tajo is away',
  ])('is hidden in sentences too: %s', (sentence) => {
    const { log, last } = openLog()
    log.news(news({ reason: sentence }, sentence))
    // Not the time of the line: its digits may be any.
    const { msg, details } = last()
    expect(JSON.stringify([msg, details])).not.toMatch(/ada|example|170|0123456789abcdef/)
  })

  it('leaves counts, ids and times as they are', () => {
    const { log, last } = openLog()
    const details = {
      tokens: 120,
      attributes: 3,
      personId: 42,
      event: 'deal_won',
      until: '2026-11-24T09:00:00.000Z',
    }
    log.news(news(details, 'Poll 12 cost 120 tokens; next at 2026-11-24T09:05:00.000Z.'))
    expect(last()).toMatchObject({
      details,
      msg: 'Poll 12 cost 120 tokens; next at 2026-11-24T09:05:00.000Z.',
    })
  })
})

describe('an error', () => {
  it('is told by code, message, disposition and cause, without what else hangs on it', () => {
    const { log, last, lines } = openLog()
    const cause = Object.assign(new Error('socket of ada@example.com closed'), {
      code: 'ECONNRESET',
      config: { headers: { authorization: 'Bearer xyz' } },
      response: { data: 'Ada' },
    })
    const error = new TajoError({
      code: 'brevo_no_answer',
      disposition: 'retry',
      message: 'Brevo did not answer.',
      cause,
    })
    log.failure('delivery.failed', 'A contact was not written.', error)
    expect(last()).toMatchObject({
      level: 'error',
      event: 'delivery.failed',
      msg: 'A contact was not written.',
      details: {
        error: {
          name: 'TajoError',
          code: 'brevo_no_answer',
          message: 'Brevo did not answer.',
          disposition: 'retry',
          cause: { name: 'Error', code: 'ECONNRESET', message: 'socket of [address] closed' },
        },
      },
    })
    expect(lines.join('')).not.toMatch(/xyz|Ada|ada@/)
  })

  it('of a parser does not quote what it read, but says where it was thrown', () => {
    const { log, last, lines } = openLog()
    try {
      JSON.parse('Ada Lovelace')
    } catch (error) {
      log.news(news({ error }))
    }
    expect(last()).toMatchObject({ details: { error: { name: 'SyntaxError', at: expect.any(Array) } } })
    expect(lines.join('')).not.toContain('Ada')
  })

  it('that is no Error, or goes round in circles, is told all the same', () => {
    const { log, last } = openLog()
    log.failure('x.failed', 'It failed.', 'just text')
    expect(last()).toMatchObject({ details: { error: { message: expect.stringContaining('just text') } } })
    const round: Record<string, unknown> = {}
    round.self = round
    log.news(news(round))
    expect(JSON.stringify(last())).toContain('[hidden]')
  })
})
