/** What people do on the page besides looking at it: by mouse, by keyboard, and while the server is gone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messages as en } from '../../web/src/language/en.ts'
import { messages as ko } from '../../web/src/language/ko.ts'
import { whyNoBrowser } from '../support/chromium.ts'
import { keepPicture, openPageScene, type PageScene, seriousFaults } from '../support/page-scene.ts'

const catalogues = { en, ko }

describe.skipIf(whyNoBrowser() !== undefined)('what is done on the page', () => {
  let scene: PageScene
  beforeAll(async () => {
    scene = await openPageScene()
  })
  afterAll(() => scene?.end())

  test.each(['en', 'ko'] as const)(
    'says in every view that the server is lost, and goes on by itself when it is back (%s)',
    async (language) => {
      const { frame, overview, failures, contacts, settings } = catalogues[language]
      const { page, complaints, close } = await scene.enter({ language, width: 390 })
      const notice = page.getByTestId('out-of-date')
      const lose = () => page.context().setOffline(true)
      /** The browser itself says in its console what it could not fetch, and nothing else may be said. */
      const comeBack = async () => {
        await page.context().setOffline(false)
        await notice.waitFor({ state: 'detached' })
        expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
        complaints.length = 0
      }
      await page.getByTestId('verdict').waitFor()
      await lose()
      await notice.getByText(frame.lost, { exact: true }).waitFor()
      await page.getByTestId('verdict').getByText(overview.lost).waitFor()
      expect(await page.getByTestId('verdict').getAttribute('data-tone')).toBe('warn')
      await notice.getByRole('button', { name: frame.tryAgain }).click()
      expect(await seriousFaults(page)).toEqual([])
      await keepPicture(page, `lost-overview-${language}`)
      // A view that was never opened cannot be fetched now.
      await page.goto('/#/failures')
      await page.getByRole('alert').getByText(frame.unreachable).waitFor()
      await comeBack()
      await page.getByRole('heading', { level: 1, name: failures.title, exact: true }).waitFor()

      // One that asks again by itself, and one that does not.
      for (const [address, title] of [
        ['/contacts/1', contacts.title],
        ['/settings/webhooks', settings.title],
      ] as const) {
        await page.goto(`/#${address}`)
        await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
        await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
        await lose()
        await notice.getByText(frame.lostText).waitFor()
        await comeBack()
      }
      expect(complaints).toEqual([])
      await close()
    },
  )
})
