import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrameSplitter, simpleQuery, transactionStatus } from './wire-frames.ts'

/** Length 8, protocol 3.0, no settings. */
const STARTUP = Uint8Array.from([0, 0, 0, 8, 0, 3, 0, 0])

describe('a client’s bytes', () => {
  it('give the same frames however they are cut', () => {
    const message = fc.tuple(fc.constantFrom('P', 'B', 'D', 'E', 'S', 'Q'), fc.uint8Array({ maxLength: 40 }))
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat(), { maxLength: 20 }), (messages, cuts) => {
        const bytes = Buffer.concat([STARTUP, ...messages.map(([type, body]) => toMessage(type, body))])
        const splitter = createFrameSplitter()
        const frames = pieces(bytes, cuts).flatMap((piece) => splitter(piece))
        expect(frames.map(({ kind }) => kind)).toEqual([
          'startup',
          ...messages.filter(([type]) => type === 'S' || type === 'Q').map(() => 'frame'),
        ])
        const whole = Buffer.concat(frames.flatMap((frame) => (frame.kind === 'frame' ? [frame.bytes] : [])))
        expect(bytes.subarray(STARTUP.length, STARTUP.length + whole.length).equals(whole)).toBe(true)
      }),
    )
  })

  it('end with the wish to go', () => {
    const splitter = createFrameSplitter()
    splitter(STARTUP)
    expect(splitter(Uint8Array.from([0x58, 0, 0, 0, 4]))).toEqual([{ kind: 'terminate' }])
  })

  it('of a simple query are one frame', () => {
    const splitter = createFrameSplitter()
    splitter(STARTUP)
    expect(splitter(simpleQuery('select 1'))).toEqual([{ kind: 'frame', bytes: simpleQuery('select 1') }])
  })
})

describe('the end of an answer', () => {
  it.each(['I', 'T', 'E'])('tells the transaction status %s', (status) => {
    expect(transactionStatus(toMessage('Z', Buffer.from(status)))).toBe(status)
  })

  it('that is missing tells nothing', () => {
    expect(transactionStatus(toMessage('C', Buffer.from('INSERT 0 1\0')))).toBeUndefined()
    expect(transactionStatus(new Uint8Array())).toBeUndefined()
  })
})

function toMessage(type: string, body: Uint8Array): Uint8Array {
  const header = Buffer.alloc(5)
  header.write(type)
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

function pieces(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}
