import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { Turns } from './turns.js'

const turnsOf = (limit: number, maxWaitMs = 60_000) =>
  new Turns(limit, { maxWaitMs, tooLong: () => new Error('too long') })

/** Work that records how much runs beside it, and ends when it is released. */
const observed = () => {
  const seen = { running: 0, max: 0, order: [] as string[] }
  const work = (name: string) => async () => {
    seen.running += 1
    seen.max = Math.max(seen.max, seen.running)
    seen.order.push(name)
    await wait(5)
    seen.running -= 1
    return name
  }
  return { seen, work }
}

describe('turns', () => {
  it('runs the allowed number at once, and no more', async () => {
    const turns = turnsOf(3)
    const { seen, work } = observed()
    const names = Array.from({ length: 20 }, (_, number) => `${number}`)
    expect(await Promise.all(names.map(name => turns.share(work(name))))).toEqual(names)
    expect(seen).toMatchObject({ max: 3, order: names })
  })

  it('runs nothing beside exclusive work, which goes first', async () => {
    const turns = turnsOf(2)
    const { seen, work } = observed()
    let beside = -1
    const exclusive = () => {
      beside = seen.running
      return work('exclusive')()
    }
    await Promise.all([
      turns.share(work('first')),
      turns.share(work('second')),
      turns.share(work('third')),
      turns.runExclusively(exclusive),
    ])
    expect(beside).toBe(0)
    expect(seen.order).toEqual(['first', 'second', 'exclusive', 'third'])
  })

  it('continues after work that failed', async () => {
    const turns = turnsOf(1)
    const fail = () => Promise.reject(new Error('failed'))
    await expect(turns.share(fail)).rejects.toThrow('failed')
    await expect(turns.runExclusively(fail)).rejects.toThrow('failed')
    expect(await turns.share(async () => 'done')).toBe('done')
  })

  it('rejects work that waits too long, and never runs it', async () => {
    const turns = turnsOf(1, 20)
    const ending = new AbortController()
    const blocking = turns.share(() => once(ending.signal, 'abort'))
    let ran = false
    const late = async () => {
      ran = true
    }
    await expect(turns.share(late)).rejects.toThrow('too long')
    await expect(turns.runExclusively(late)).rejects.toThrow('too long')
    ending.abort()
    await blocking
    await turns.drained()
    expect(ran).toBe(false)
  })

  it('is drained when nothing is running or waiting', async () => {
    const turns = turnsOf(1)
    await turns.drained()
    const { seen, work } = observed()
    void turns.share(work('one'))
    void turns.share(work('two'))
    void turns.runExclusively(work('exclusive'))
    await turns.drained()
    expect(seen.order).toEqual(['one', 'exclusive', 'two'])
  })
})
