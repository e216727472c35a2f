import { describe, expect, it } from '@jest/globals'
import { batchesOf, runBatches } from './batches'

const limits = { items: 3, bytes: 1000, sentAs: (item: unknown) => item }

describe('batches', () => {
  it('contain no more items than the limit', () => {
    expect(batchesOf([1, 2, 3, 4], limits)).toEqual([[1, 2, 3], [4]])
    expect(batchesOf([], limits)).toEqual([])
  })

  it('contain no more bytes than the limit, counted in the form in which they are sent', () => {
    // Each has 12 bytes in UTF-8 with its quotes. With brackets and commas, three would have
    // 39.
    const items = ['ééééé', 'ééééé', 'ééééé']
    expect(batchesOf(items, { ...limits, bytes: 30 }).map(batch => batch.length)).toEqual([2, 1])
    // A single item that is too large is still sent, so that the server reports the problem.
    expect(batchesOf(items, { ...limits, bytes: 5 }).map(batch => batch.length)).toEqual([1, 1, 1])
  })
})

describe('a run in batches', () => {
  const batches = [['a', 'b'], ['c'], ['d']]

  it('returns the result of each item', async () => {
    const progress: number[] = []
    const run = await runBatches(batches, {
      send: async batch => batch.map(item => (item === 'b' ? ['bad'] : [])),
      signal: new AbortController().signal,
      onProgress: done => progress.push(done),
    })
    expect([...run.outcomes]).toEqual([
      ['a', []],
      ['b', ['bad']],
      ['c', []],
      ['d', []],
    ])
    expect(run.unanswered).toEqual([])
    expect(progress).toEqual([2, 3, 4])
  })

  it('stops before the next batch, and keeps the answers so far', async () => {
    const stop = new AbortController()
    const run = await runBatches(batches, {
      send: async batch => {
        stop.abort()
        return batch.map(() => [])
      },
      signal: stop.signal,
      onProgress: () => undefined,
    })
    expect([...run.outcomes.keys()]).toEqual(['a', 'b'])
    expect(run).not.toHaveProperty('failure')
  })

  it('ends with the failed batch, whose outcome is unknown', async () => {
    const failure = new Error('gone')
    const sent: string[] = []
    const run = await runBatches(batches, {
      send: async batch => {
        sent.push(...batch)
        if (batch.includes('c')) throw failure
        return batch.map(() => [])
      },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    expect(run.failure).toBe(failure)
    expect(run.unanswered).toEqual(['c'])
    expect(sent).toEqual(['a', 'b', 'c'])
  })
})
