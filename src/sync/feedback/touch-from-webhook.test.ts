import { describe, expect, test } from 'vitest'
import { touchFromWebhook } from './touch-from-webhook.ts'

/** As documented. */
const documented = {
  id: 123,
  camp_id: 45,
  email: 'Example@Domain.com',
  'campaign name': 'My First Campaign',
  date_sent: '2020-10-09 00:00:00',
  date_event: '2020-10-09 00:00:00',
  event: 'opened',
  tag: '',
  ts_sent: 1604933619,
  ts_event: 1604933737,
  ts: 1604937337,
}

const opened = {
  email: 'example@domain.com',
  campaignId: 45,
  campaign: 'My First Campaign',
  kind: 'opened',
  url: '',
  at: '2020-11-09T14:55:37.000Z',
  machine: false,
}

describe('a touch', () => {
  test('R10.2 is read from the documented bodies', () => {
    expect(touchFromWebhook(documented)).toEqual(opened)
    const URL = 'https://myCampaignUrl.net'
    expect(touchFromWebhook({ ...documented, event: 'click', URL })).toEqual({
      ...opened,
      kind: 'clicked',
      url: URL,
    })
    const delivered = { ...documented, event: 'delivered', sending_ip: '192.0.2.1' }
    expect(touchFromWebhook(delivered)).toEqual({ ...opened, kind: 'delivered' })
  })

  test.each(['proxy_open', 'unique_proxy_open'])('R10.2 knows an open by a machine: %s', (event) => {
    expect(touchFromWebhook({ ...documented, event })).toEqual({ ...opened, machine: true })
  })

  test('takes the time that the event says, and another only without it', () => {
    const { ts_event: _, ...rest } = documented
    expect(touchFromWebhook(rest)?.at).toBe('2020-11-09T14:53:39.000Z')
    expect(() => touchFromWebhook({ ...rest, ts_sent: null, ts: 'now' })).toThrow(
      'the event opened has no time',
    )
  })

  test.each<[string, unknown]>([
    ['a transactional e-mail', { ...documented, camp_id: undefined }],
    ['an unsubscription', { ...documented, event: 'unsubscribed' }],
    ['a change of a contact', { event: 'contact_updated', content: [] }],
    ['a list', [documented]],
    ['a text', 'opened'],
  ])('is none: %s', (_, body) => {
    expect(touchFromWebhook(body)).toBeNull()
  })

  test('of nobody is refused with the reason', () => {
    expect(() => touchFromWebhook({ ...documented, email: ' ' })).toThrow('names no e-mail address')
  })

  test('without a name of the campaign is kept without one', () => {
    expect(touchFromWebhook({ ...documented, 'campaign name': '' })?.campaign).toBeNull()
  })
})
