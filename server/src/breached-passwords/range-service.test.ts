import { createHash } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { RangeService } from './range-service.js'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()
const breached = sha1('password')
const range = breached.slice(0, 5)
const rest = breached.slice(5)
const filler = (count: number) =>
  Array.from({ length: count }, (_, index) => sha1(String(index)).slice(5))

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(closed => server.close(closed))
  }
})

const listen = async (listener: RequestListener): Promise<URL> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`)
}

/** A service that answers every request with this text. */
const serve = async (text: string, status = 200): Promise<RangeService> =>
  new RangeService(await listen((_, response) => response.writeHead(status).end(text)))

describe('a range service', () => {
  it('gets five digits of the hash, and a request for padding', async () => {
    const requests: unknown[] = []
    const url = await listen(({ method, url: path, headers }, response) => {
      requests.push([method, path, headers['add-padding']])
      response.end(`${rest}:12\r\n`)
    })
    for (const base of [url, new URL(url.href.replace(/\/$/, ''))]) {
      expect(await new RangeService(base).contains(breached)).toBe(true)
    }
    expect(requests).toEqual([
      ['GET', `/range/${range}`, 'true'],
      ['GET', `/range/${range}`, 'true'],
    ])
  })

  it.each(['\r\n', '\n'])(
    'knows a hash whose rest is in its answer, with %j between lines',
    async lineBreak => {
      const lines = [...filler(1_000), rest, ...filler(500)].map(one => `${one}:3`)
      expect(await (await serve(lines.join(lineBreak))).contains(breached)).toBe(true)
      expect(await (await serve(lines.join(lineBreak).toLowerCase())).contains(breached)).toBe(true)
      const others = lines.filter(line => !line.startsWith(rest))
      expect(await (await serve(others.join(lineBreak))).contains(breached)).toBe(false)
    },
  )

  it('does not know a hash with the count 0, which is padding', async () => {
    expect(await (await serve(`${rest}:0\r\n`)).contains(breached)).toBe(false)
  })

  const pages: [string, string, number, string][] = [
    ['an error', 'Internal Server Error', 500, 'STATUS_500'],
    ['a list, but as an error', `${rest}:1`, 503, 'STATUS_503'],
    ['no content', '', 204, 'STATUS_204'],
    ['a page of a proxy', '<html><body>Please sign in</body></html>', 200, 'ANSWER_INVALID'],
    ['an empty answer', '', 200, 'ANSWER_INVALID'],
    ['whole hashes', `${breached}:1`, 200, 'ANSWER_INVALID'],
    ['a list that breaks off', `${filler(1)[0]}:1\r\n${rest.slice(0, 20)}`, 200, 'ANSWER_INVALID'],
    [
      'a huge list',
      filler(1)
        .map(one => `${one}:1\n`.repeat(50_000))
        .join(''),
      200,
      'ANSWER_TOO_LONG',
    ],
  ]

  it.each(pages)('fails with %s', async (_, text, status, code) => {
    const service = await serve(text, status)
    await expect(service.contains(breached)).rejects.toMatchObject({
      name: 'BreachSourceFailed',
      code,
    })
  })

  it('is not read to the end if its answer never ends', async () => {
    const url = await listen((_, response) => {
      const line = `${filler(1)[0]}:1\n`.repeat(1_000)
      const write = () => {
        while (!response.destroyed && response.write(line));
        if (!response.destroyed) response.once('drain', write)
      }
      write()
    })
    await expect(new RangeService(url, 60_000).contains(breached)).rejects.toMatchObject({
      code: 'ANSWER_TOO_LONG',
    })
  })

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['never ends its answer', (_, response) => response.write(`${rest}:1\n`)],
  ])('fails after the time limit if it %s', async (_, listener) => {
    await expect(
      new RangeService(await listen(listener), 100).contains(breached),
    ).rejects.toMatchObject({
      code: 'TIMED_OUT',
    })
  })

  it('fails if it redirects, and the other address gets nothing', async () => {
    let visited = false
    const other = await listen((_, response) => {
      visited = true
      response.end(`${rest}:1`)
    })
    const url = await listen((_, response) =>
      response.writeHead(302, { location: other.href }).end(),
    )
    await expect(new RangeService(url).contains(breached)).rejects.toMatchObject({
      name: 'BreachSourceFailed',
    })
    expect(visited).toBe(false)
  })

  it('fails if it is down, or closes the connection', async () => {
    const closing = await listen(({ socket }) => socket.destroy())
    const down = await listen(() => undefined)
    await new Promise(closed => servers.pop()?.close(closed))
    for (const url of [closing, down]) {
      const failure = await new RangeService(url).contains(breached).catch(failed => failed)
      expect(failure).toMatchObject({
        name: 'BreachSourceFailed',
        code: expect.stringMatching(/^[A-Z_]+$/),
      })
      // Nothing of the hash, for the log.
      expect(JSON.stringify([failure.message, failure.stack, failure.cause])).not.toContain(range)
    }
  })
})
