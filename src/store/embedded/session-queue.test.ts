import { describe, expect, it } from 'vitest'
import { createSessionQueue, type SessionQueue } from './session-queue.ts'

describe('the one session', () => {
  it('is given in the order of asking', () => {
    const queue = queueOf([1, 2, 3])
    expect(drain(queue)).toEqual([1, 2, 3])
  })

  it('is given to urgent clients first', () => {
    const queue = queueOf([1, 2])
    queue.add({ client: 3, urgent: true, bytes: new Uint8Array() })
    queue.add({ client: 4, urgent: true, bytes: new Uint8Array() })
    expect(drain(queue)).toEqual([3, 4, 1, 2])
  })

  it('stays with an open transaction, even against urgent clients', () => {
    const queue = queueOf([1, 2])
    queue.take()
    queue.settled(1, 'T')
    queue.add({ client: 3, urgent: true, bytes: new Uint8Array() })
    expect(queue.take()).toBeUndefined()
    queue.add({ client: 1, urgent: false, bytes: new Uint8Array() })
    expect(queue.take()?.client).toBe(1)
    queue.settled(1, 'E')
    expect(queue.take()).toBeUndefined()
    queue.settled(1, 'I')
    expect(drain(queue)).toEqual([3, 2])
  })

  it('is free again when the holder goes, and the holder’s transaction must be rolled back', () => {
    const queue = queueOf([1, 2, 1])
    queue.take()
    queue.settled(1, 'T')
    expect(queue.leave(1)).toBe(true)
    expect(queue.holder()).toBeUndefined()
    expect(drain(queue)).toEqual([2])
    expect(queue.leave(2)).toBe(false)
  })
})

function queueOf(clients: number[]): SessionQueue {
  const queue = createSessionQueue()
  for (const client of clients) queue.add({ client, urgent: false, bytes: new Uint8Array() })
  return queue
}

function drain(queue: SessionQueue): number[] {
  const order: number[] = []
  for (let frame = queue.take(); frame; frame = queue.take()) {
    order.push(frame.client)
    queue.settled(frame.client, 'I')
  }
  return order
}
