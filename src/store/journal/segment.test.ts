import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewDelivery } from '../inbox-table.ts'
import { createSegment, readSegment, type Segment } from './segment.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'tajo-segment-'))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((segment) => segment.remove()))
  fs.rmSync(directory, { recursive: true, force: true })
})
const open: Segment[] = []

const deliveries = fc.array(
  fc.record({
    connection: fc.string(),
    source: fc.constantFrom('pipedrive', 'brevo'),
    delivery: fc.string(),
    received_at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
    body: fc.json().map((text) => `${text}\n ü \u2028`),
  }),
  { maxLength: 12 },
)

describe('a file of the journal', () => {
  it('gives back what was written to it, for the owner only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deliveries, { maxLength: 4 }), async (groups) => {
        const segment = await write(groups)
        expect(await readSegment(segment.path)).toEqual({ deliveries: groups.flat(), damaged: 0 })
        expect(segment.size()).toBe(fs.statSync(segment.path).size)
        expect(fs.statSync(segment.path).mode & 0o777).toBe(0o600)
      }),
      { numRuns: 60 },
    )
  })

  it('cut off anywhere, holds all that came before the cut, and nothing that is half', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.nat(), async (group, at) => {
        const segment = await write([group])
        const cut = segment.size() === 0 ? 0 : at % (segment.size() + 1)
        fs.truncateSync(segment.path, cut)
        const { deliveries: found, damaged } = await readSegment(segment.path)
        expect(damaged).toBe(0)
        expect(found).toEqual(group.slice(0, found.length))
        const whole = fs.readFileSync(segment.path, 'utf8').split('\n').length - 1
        expect(found.length).toBeGreaterThanOrEqual(whole)
      }),
      { numRuns: 100 },
    )
  })

  it('tells how many lines in its middle the disk has lost, and reads the others', async () => {
    const group = [1, 2, 3].map(delivery)
    const segment = await write([group])
    const bytes = fs.readFileSync(segment.path)
    bytes[bytes.indexOf('body 2')] = 0
    fs.writeFileSync(segment.path, bytes)
    expect(await readSegment(segment.path)).toEqual({ deliveries: [group[0], group[2]], damaged: 1 })
  })

  it('is gone once it is removed', async () => {
    const segment = await write([[delivery(1)]])
    open.pop()
    await segment.remove()
    expect(fs.readdirSync(directory)).toEqual([])
  })

  it('takes more after it was emptied', async () => {
    const segment = await write([[1, 2].map(delivery)])
    await segment.empty()
    expect(fs.statSync(segment.path).size).toBe(0)
    await segment.append([delivery(3)])
    expect((await readSegment(segment.path)).deliveries).toEqual([delivery(3)])
  })
})

function delivery(number: number): NewDelivery {
  return {
    connection: 'c',
    source: 'brevo',
    delivery: String(number),
    received_at: new Date(number),
    body: `body ${number}`,
  }
}

let files = 0
async function write(groups: readonly (readonly NewDelivery[])[]): Promise<Segment> {
  const segment = await createSegment(directory, `${++files}.jsonl`)
  for (const group of groups) await segment.append(group)
  open.push(segment)
  return segment
}
