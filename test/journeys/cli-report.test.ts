/** `tajo report` as people and programs call it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportShapes } from '../support/report-shapes.ts'
import { openScene, type Scene } from './cli-process.ts'

describe('tajo report', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene()
  })
  afterAll(() => scene.end())

  const all = ['--from', '2020-01-01']

  it('says what to do before there is anything to report on', async () => {
    const early = await scene.run(['report', 'pipeline', '--json'])
    expect(early.code).toBe(4)
    expect(JSON.parse(early.stdout).error).toMatchObject({ code: 'report_too_early' })
    expect((await scene.run(['report', 'backfill', '--yes'])).stderr).toContain('tajo sync')
    expect(await scene.run(['sync', '--json'])).toMatchObject({ code: 0 })
  })

  it('prints a pipeline, and says that histories are missing and what reads them', async () => {
    const { code, stdout } = await scene.run(['report', 'pipeline', ...all, '--by', 'owner'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/Summary[\s\S]*win rate[\s\S]*Funnel: Sales[\s\S]*Lead In[\s\S]*Open deals now/)
    expect(stdout).toMatch(/By owner[\s\S]*김하늘/)
    expect(stdout).toMatch(/report backfill reads the rest/)
  })

  it('reads no histories unasked, and with --yes all there are', async () => {
    const unasked = await scene.run(['report', 'backfill'])
    expect(unasked.code).toBe(2)
    expect(unasked.stdout).toMatch(/\d+ deals with a history to read, \d+ tokens/)
    expect(unasked.stderr).toContain('--yes')
    const { code, stdout } = await scene.run(['report', 'backfill', '--yes', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'complete',
      deals: { left: 0 },
      contacts: { left: 0 },
    })
    expect((await scene.run(['report', 'backfill', '--yes'])).stdout).toContain(
      'Nothing from before is missing.',
    )
  })

  it('answers programs in the shape of the wire', async () => {
    for (const name of ['pipeline', 'attribution'] as const) {
      const { code, stdout } = await scene.run(['report', name, ...all, '--format', 'json'])
      expect(code).toBe(0)
      expect(reportShapes[name].safeParse(JSON.parse(stdout))).toMatchObject({ success: true })
    }
  })

  it('R10.2 says which campaigns won deals, as a table and as CSV', async () => {
    const { code, stdout } = await scene.run(['report', 'attribution', ...all, '--opens', 'human'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/attributed[\s\S]*Campaigns[\s\S]*linear[\s\S]*Deals/)
    const csv = await scene.run(['report', 'attribution', ...all, '--format', 'csv'])
    const [head = '', ...lines] = csv.stdout.split('\r\n')
    expect(head).toContain('campaign id,campaign,touches')
    expect(lines.length).toBeGreaterThan(1)
    const deals = await scene.run(['report', 'attribution', ...all, '--format', 'csv', '--section', 'deals'])
    expect(deals.stdout).toContain('deal id,title,won at')
  })

  it('refuses what cannot be meant, with what could be', async () => {
    const wrong = await scene.run(['report', 'pipeline', '--pipeline', 'Sale'])
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('Did you mean "Sales"?')
    expect((await scene.run(['report', 'pipeline', '--from', 'May'])).code).toBe(2)
    expect((await scene.run(['report', 'pipeline', '--section', 'funnel'])).code).toBe(2)
    expect((await scene.run(['report', 'attribution', '--model', 'best'])).code).toBe(2)
  })
})
