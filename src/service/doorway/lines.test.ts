import { once } from 'node:events'
import net from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { TajoError } from '../../base/error.ts'
import { parseLine, readLines, writeLine } from './lines.ts'

let server: net.Server
beforeAll(async () => {
  server = net.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())

/** Both ends of one connection. */
async function connect(): Promise<[net.Socket, net.Socket]> {
  const here = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  const [there] = (await once(server, 'connection')) as [net.Socket]
  return [here, there]
}

/** What arrives when `bytes` are sent in the pieces that end at `cuts`. */
async function receive(bytes: Buffer, cuts: readonly number[], largest: number) {
  const [here, there] = await connect()
  const lines: string[] = []
  const faults: TajoError[] = []
  readLines(there, largest, { onLine: (line) => lines.push(line), onNonsense: (error) => faults.push(error) })
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  for (const [index, end] of [...ends, bytes.length].entries())
    here.write(bytes.subarray(ends[index - 1] ?? 0, end))
  here.end()
  await once(there, 'close')
  return { lines, faults }
}

test('messages arrive whole and in order, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
      fc.array(fc.nat(200), { maxLength: 6 }),
      async (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `${JSON.stringify({ text })}\n`).join(''))
        const { lines, faults } = await receive(bytes, cuts, 10_000)
        expect(faults).toEqual([])
        expect(lines.map((line) => JSON.parse(line))).toEqual(texts.map((text) => ({ text })))
      },
    ),
    { numRuns: 50 },
  )
})

test('a message of the largest size passes, one byte more is refused and nothing after it is read', async () => {
  const line = 'x'.repeat(1_000)
  expect((await receive(Buffer.from(`${line}\n`), [10], 1_000)).lines).toEqual([line])
  const { lines, faults } = await receive(Buffer.from(`a\n${line}x\nb\n`), [10, 900], 1_000)
  expect(lines).toEqual(['a'])
  expect(faults).toMatchObject([{ code: 'message_too_large', details: { bytes: 1_000 } }])
})

test('an endless message is refused before it ends', async () => {
  const { faults } = await receive(Buffer.from('x'.repeat(5_000)), [], 1_000)
  expect(faults).toMatchObject([{ code: 'message_too_large' }])
})

test('what is no JSON or of another shape is refused, and its content not repeated', () => {
  const shape = z.strictObject({ id: z.int() })
  expect(parseLine('{"id":1}', shape)).toEqual({ id: 1 })
  expect(() => parseLine('secret', shape)).toThrow(/it is no JSON/)
  expect(() => parseLine('secret', shape)).not.toThrow(/secret/)
  expect(() => parseLine('{"id":"secret"}', shape)).toThrow(/id: (?!.*secret)/)
})

test('what is said to somebody who has gone is lost without a fault', async () => {
  const [here, there] = await connect()
  there.destroy()
  here.resume()
  await once(here, 'close')
  expect(() => writeLine(here, { id: 1 })).not.toThrow()
})
