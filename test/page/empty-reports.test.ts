/** The reports of the page where there is nothing to report: no deals, no touches, no sync yet. */
import { afterAll, describe, expect, test } from 'vitest'
import { keepCatalogue, readConnection, type Store, updateConnection } from '../../src/store/index.ts'
import { messages as en } from '../../web/src/language/en.ts'
import { messages as ko } from '../../web/src/language/ko.ts'
import { whyNoBrowser } from '../support/chromium.ts'
import { foreignWords, keepPicture, openFilledPage, seriousFaults } from '../support/page-scene.ts'

const catalogues = { en, ko }
const languages = [
  ['en', en],
  ['ko', ko],
] as const

/** Synced, and there was not one deal. */
async function fillWithoutDeals({ db }: Store): Promise<void> {
  await readConnection(db, 'default')
  const now = new Date()
  await updateConnection(db, 'default', { told_since: now })
  await keepCatalogue(
    db,
    'default',
    {
      personFields: [],
      organizationFields: [],
      dealFields: [],
      pipelines: [{ id: 1, name: 'Sales' }],
      stages: [{ id: 1, name: 'Lead', pipelineId: 1, order: 1 }],
      users: { 7: 'Grace Hopper' },
      defaultCurrency: 'EUR',
    },
    now,
  )
}

describe.skipIf(whyNoBrowser() !== undefined)('the reports of the page where there is nothing', () => {
  const scenes: Awaited<ReturnType<typeof openFilledPage>>[] = []
  const openScene = async (fill: (store: Store) => Promise<void>) => {
    const scene = await openFilledPage(fill)
    scenes.push(scene)
    return scene
  }
  afterAll(async () => {
    for (const scene of scenes) await scene.end()
  })

  test('say so in words, and what to do, in both languages', async () => {
    const scene = await openScene(fillWithoutDeals)
    for (const [language, { reports }] of languages) {
      const { page, complaints, close } = await scene.enter({ language })
      for (const [address, title, text] of [
        ['/reports', reports.none, reports.noneText],
        ['/reports/attribution', reports.attribution.noTouches, reports.attribution.noTouchesText],
      ] as const) {
        await page.goto(`/#${address}`)
        await page.getByRole('heading', { name: title }).waitFor()
        await page.getByText(text).waitFor()
        // What could be chosen can be chosen still, and there is no file of nothing.
        await page.getByLabel(reports.owner, { exact: true }).selectOption({ label: 'Grace Hopper' })
        await page.getByRole('heading', { name: title }).waitFor()
        expect(await page.getByRole('button', { name: reports.exportWhole }).count()).toBe(0)
        expect(await seriousFaults(page), address).toEqual([])
        if (language === 'ko') expect(await foreignWords(page), address).toEqual([])
        await keepPicture(page, `empty-${address.split('/').at(-1)}-${language}`)
      }
      expect(complaints).toEqual([])
      await close()
    }
  })

  test('say before the first sync that there is to be one, as no failure', async () => {
    const scene = await openScene(async ({ db }) => {
      await readConnection(db, 'default')
    })
    for (const [language, { reports }] of languages) {
      const { page, close } = await scene.enter({ language })
      for (const address of ['/reports', '/reports/attribution']) {
        await page.goto(`/#${address}`)
        await page.getByRole('heading', { name: reports.tooEarly }).waitFor()
        expect(await page.getByRole('alert').count(), address).toBe(0)
        expect(await seriousFaults(page), address).toEqual([])
        await keepPicture(page, `early-${address.split('/').at(-1)}-${language}`)
      }
      await page.getByRole('link', { name: reports.toOverview }).click()
      await page.getByRole('heading', { level: 1, name: catalogues[language].overview.title }).waitFor()
      await close()
    }
  })
})
