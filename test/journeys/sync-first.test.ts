import { describe, expect, it } from 'vitest'
import { brevoNow, expectedBrevo } from '../support/contact-oracle.ts'
import { expectAccounted, openJourney, writesOf } from '../support/journey.ts'

describe('a first full sync of messy data', () => {
  it('R6.1 R6.4 R1 R2 R3: accounts for every person, leaves in Brevo what the rules say, and writes nothing twice', async () => {
    const journey = await openJourney({ data: 'messy' })
    const before = brevoNow(journey.sandbox)
    const report = await journey.sync()
    expect(report).toMatchObject({ status: 'complete', mode: 'full', reason: null })
    expectAccounted(report)
    expect(report.contacts.read).toBe(980)
    expect(report.contacts.skipped).toEqual({ no_email: 60, invalid_email: 40, same_email: 19 })
    expect(brevoNow(journey.sandbox)).toEqual(expectedBrevo(journey.sandbox, before))
    const second = await writesOf(journey, async () => {
      const again = await journey.sync()
      expect(again).toMatchObject({ status: 'complete', mode: 'incremental' })
      expect(again.contacts).toMatchObject({ created: 0, updated: 0, unchanged: 861 })
      expectAccounted(again)
    })
    expect(second).toBe(0)
    const full = await writesOf(journey, async () => {
      const again = await journey.sync({ full: true })
      expect(again).toMatchObject({ status: 'complete', mode: 'full' })
      expectAccounted(again)
    })
    expect(full).toBe(0)
  })
})
