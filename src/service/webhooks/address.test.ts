import { describe, expect, test } from 'vitest'
import { placeOf, requirePublicUrl, shownForeignUrl, webhookPath, webhookUrl } from './address.ts'

describe('the address of a connection', () => {
  test('has its name in it, unless it is the default one', () => {
    expect(webhookUrl('https://tajo.example.com', 'pipedrive', 'default')).toBe(
      'https://tajo.example.com/webhooks/pipedrive',
    )
    expect(webhookUrl('https://x.example/tajo/', 'brevo', 'shop')).toBe(
      'https://x.example/tajo/webhooks/brevo/shop',
    )
  })

  test.each(['https://tajo.example.com', 'http://localhost:8025', 'http://127.0.0.1:1', 'http://[::1]:1/a'])(
    'may begin with %s',
    (url) => {
      expect(requirePublicUrl(url)).toBe(url)
    },
  )

  test.each([
    [null, 'webhook_no_public_url'],
    ['http://tajo.example.com', 'webhook_url_insecure'],
    ['http://127.0.0.1.example.com', 'webhook_url_insecure'],
    ['https://user:pass@tajo.example.com', 'webhook_url_insecure'],
    ['nonsense', 'webhook_url_insecure'],
  ])('may not begin with %s', (url, code) => {
    expect(() => requirePublicUrl(url)).toThrow(expect.objectContaining({ code }))
  })
})

describe('whose a webhook is', () => {
  const here = 'https://tajo.example.com/webhooks/pipedrive'
  const identity = { url: here, path: webhookPath('pipedrive', 'default') }
  const nameless = { isNamed: false, credentials: 'others' } as const
  const named = { isNamed: true, credentials: 'ours' } as const
  const former = 'https://old.example.com/webhooks/pipedrive'

  test('is told by the current address alone, in any spelling', () => {
    expect(placeOf({ url: here, ...nameless }, identity)).toBe('here')
    expect(placeOf({ url: 'https://TAJO.example.com:443/webhooks/pipedrive/', ...nameless }, identity)).toBe(
      'here',
    )
  })

  test('is told by name, path and credentials when the address was another one', () => {
    expect(placeOf({ url: former, ...named }, identity)).toBe('former')
    expect(placeOf({ url: former, isNamed: true, credentials: 'none' }, identity)).toBe('former')
  })

  test.each([
    ['another Tajo on the account', { url: former, isNamed: true, credentials: 'others' as const }],
    ['another name', { url: former, isNamed: false, credentials: 'ours' as const }],
    ['another connection of this server', { url: `${here}/shop`, ...named }],
    ['another program', { url: 'https://hooks.example.com/abc', ...nameless }],
    ['no address', { url: null, ...named }],
  ])('is not ours with %s', (_, marks) => {
    expect(placeOf(marks, identity)).toBe('foreign')
  })

  test('is told by name, path and credentials where no public address is configured', () => {
    const unknown = { ...identity, url: null }
    expect(placeOf({ url: former, ...named }, unknown)).toBe('here')
    expect(placeOf({ url: former, isNamed: true, credentials: 'others' }, unknown)).toBe('foreign')
  })

  test('shows no secret of somebody else', () => {
    expect(shownForeignUrl('https://user:pw@hooks.example.com/catch/secret?key=1')).toBe(
      'https://hooks.example.com/…',
    )
    expect(shownForeignUrl('nonsense')).toBeNull()
  })
})
