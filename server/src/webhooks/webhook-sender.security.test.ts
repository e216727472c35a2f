import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { SMTPServer } from 'smtp-server'
import { Language } from '../messages/language.js'
import { WebhookReceiver } from '../testing/webhook-receiver.js'
import { type HostResolver, WebhookSender } from './webhook-sender.js'
import { readWebhookUrl } from './webhook-url.js'

let receiver: WebhookReceiver
beforeAll(async () => {
  receiver = await WebhookReceiver.start()
})
afterAll(() => receiver.stop())
beforeEach(() => {
  receiver.received.length = 0
})

const strict = { allowPrivate: false, firstRetryMs: 1_000, timeoutMs: 3_000 }
const open = { ...strict, allowPrivate: true }

const never = new AbortController().signal
const post = async (url: string, sender = new WebhookSender(strict)) => {
  const outcome = await sender.post(url, {}, '{}', never)
  if (outcome === null) throw new Error('It was stopped.')
  return outcome
}

/** An attacker's DNS, which returns these answers one after the other. */
const dnsOf = (...answers: LookupAddress[][]) => {
  const asked: string[] = []
  const resolve: HostResolver = (hostname, _options, done) => {
    asked.push(hostname)
    done(null, answers[Math.min(asked.length, answers.length) - 1] ?? [])
  }
  return { asked, resolve }
}
const v4 = (address: string) => ({ address, family: 4 })
const v6 = (address: string) => ({ address, family: 6 })

const problemIn = (read: ReturnType<typeof readWebhookUrl>) =>
  'problem' in read ? Language.source.translate(read.problem) : null

describe('a URL to an internal host', () => {
  // Each host as a user would enter it, with the port of the test's receiver.
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '①②⑦.0.0.1',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'x.localhost',
    'printer.local',
    'metadata.google.internal',
  ]

  it.each(hosts)('is rejected: %s', host => {
    const read = readWebhookUrl(`https://${host}:${receiver.port}/`, false)
    expect(problemIn(read)).toBe('The URL must lead to a public internet address.')
  })

  it.each(hosts)('is not requested, even if it was saved: %s', async host => {
    const outcome = await post(`https://${host}:${receiver.port}/`)
    expect(outcome).toMatchObject({ status: null, failure: 'ADDRESS_REFUSED', excerpt: null })
  })

  it.each([
    ['http://example.com/', 'The URL must begin with https://.'],
    ['ftp://example.com/', 'The URL must begin with https://.'],
    ['file:///etc/passwd', 'The URL must begin with https://.'],
    ['gopher://example.com/', 'The URL must begin with https://.'],
    [
      'https://user@example.com/',
      'Remove the user name and password from the URL. Receivers check the signature instead.',
    ],
    [
      'https://user:secret@example.com/',
      'Remove the user name and password from the URL. Receivers check the signature instead.',
    ],
    ['https://example.com/#x', 'Remove the # and everything after it. It is never sent.'],
    ['https://example.com:25/', 'The port must be 443, or 1024 or higher.'],
    ['https://example.com:80/', 'The port must be 443, or 1024 or higher.'],
    ['https://', 'Enter a URL such as https://example.com/webhooks.'],
    ['example.com/hooks', 'Enter a URL such as https://example.com/webhooks.'],
    ['https://exa mple.com/', 'Enter a URL such as https://example.com/webhooks.'],
    [`https://example.com/${'x'.repeat(2_000)}`, 'Use at most 2,000 characters.'],
  ])('is rejected with a reason, as any invalid URL is: %s', (url, problem) => {
    expect(problemIn(readWebhookUrl(url, false))).toBe(problem)
  })

  it('is rejected if it has a user name and password, even if private addresses are allowed', () => {
    expect(readWebhookUrl('http://user:secret@10.0.0.1/', true)).toHaveProperty('problem')
    expect(readWebhookUrl('file:///etc/passwd', true)).toHaveProperty('problem')
  })
})

describe('a host name that resolves to an internal address', () => {
  it.each([
    ['loopback', [v4('127.0.0.1')]],
    ['loopback by IPv6', [v6('::1')]],
    ['IPv4 in IPv6', [v6('::ffff:127.0.0.1')]],
    ['NAT64', [v6('64:ff9b::7f00:1')]],
    ['metadata', [v4('169.254.169.254')]],
    ['a public and a private address', [v4('93.184.216.34'), v4('127.0.0.1')]],
    ['a private and a public address', [v6('fd00::1'), v6('2606:4700::1111')]],
    ['no address', []],
  ])('is not requested: %s', async (_name, addresses) => {
    const { resolve, asked } = dnsOf(addresses)
    const sender = new WebhookSender(strict, resolve)
    const outcome = await post(`https://hooks.example:${receiver.port}/`, sender)
    expect(outcome).toMatchObject({ status: null, failure: 'ADDRESS_REFUSED' })
    expect(asked).toEqual(['hooks.example'])
  })

  it('is looked up only once, by the connection, so DNS rebinding fails', async () => {
    const { resolve, asked } = dnsOf([v4('127.0.0.1')], [v4('93.184.216.34')])
    const url = `https://rebound.example:${receiver.port}/`
    expect(readWebhookUrl(url, false)).toEqual({ url })
    expect((await post(url, new WebhookSender(strict, resolve))).failure).toBe('ADDRESS_REFUSED')
    expect(asked).toEqual(['rebound.example'])
    expect(receiver.received).toEqual([])
  })
})

describe('a malicious receiver', () => {
  it('cannot redirect requests to an internal host', async () => {
    const inside = await WebhookReceiver.start()
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answerNext(response => response.writeHead(status, { location: inside.url }).end())
      const outcome = await post(receiver.url, new WebhookSender(open))
      expect(outcome).toMatchObject({ status, failure: null })
    }
    expect(inside.received).toEqual([])
    await inside.stop()
  })

  it('cannot send an endless response: only 4 KB are read', async () => {
    let written = 0
    const closed = new Promise<void>(done => {
      receiver.answerNext(response => {
        response.on('close', done)
        response.writeHead(200)
        const more = () => {
          if (response.destroyed) return
          written += 1_024
          response.write('x'.repeat(1_024), () => setImmediate(more))
        }
        more()
      })
    })
    const outcome = await post(receiver.url, new WebhookSender(open))
    expect(outcome).toMatchObject({ status: 200, excerpt: 'x'.repeat(1_000) })
    await closed
    // Some bytes were already in buffers when the connection was closed.
    expect(written).toBeLessThan(16 * 1024 * 1024)
  })

  it('cannot block by never answering: the request times out', async () => {
    receiver.answerNext(() => undefined)
    const outcome = await post(receiver.url, new WebhookSender({ ...open, timeoutMs: 300 }))
    expect(outcome).toMatchObject({ status: null, failure: 'TIMED_OUT' })
    expect(outcome.durationMs).toBeGreaterThanOrEqual(290)
  })

  it('cannot block by answering slowly: the request times out and keeps what was received', async () => {
    receiver.answerNext(response => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const outcome = await post(receiver.url, new WebhookSender({ ...open, timeoutMs: 300 }))
    expect(outcome.status).toBe(200)
    expect(outcome.excerpt).toMatch(/^\.+$/)
    expect(outcome.durationMs).toBeGreaterThanOrEqual(290)
  })

  it.each([
    ['bytes that are not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing', ''],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`],
  ])('causes only a failed delivery by answering %s', async (_name, bytes) => {
    const server = createServer((socket: Socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(bytes))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const outcome = await post(`http://127.0.0.1:${port}/`, new WebhookSender(open))
    expect(outcome).toMatchObject({ status: null, failure: 'CONNECTION_FAILED' })
    server.close()
  })

  it('cannot send bytes that a database rejects: they are removed', async () => {
    receiver.answerNext(response => response.writeHead(500).end('a\u0000b\u001b[31mc'))
    const outcome = await post(receiver.url, new WebhookSender(open))
    expect(outcome.excerpt).toBe('ab[31mc')
  })

  it('gets no request if its certificate is not trusted', async () => {
    let conversations = 0
    // This server uses a self-signed certificate.
    const server = new SMTPServer({
      secure: true,
      logger: false,
      onConnect: (_session, done) => {
        conversations += 1
        done()
      },
    })
    server.on('error', () => undefined)
    const listening = server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    const { port } = listening.address() as AddressInfo
    const outcome = await post(`https://127.0.0.1:${port}/`, new WebhookSender(open))
    expect(outcome).toMatchObject({ status: null, failure: 'CERTIFICATE_REFUSED' })
    await new Promise<void>(done => server.close(() => done()))
    expect(conversations).toBe(0)
  })

  it('is reported as CONNECTION_FAILED or HOST_NOT_FOUND if it is unreachable', async () => {
    const gone = await WebhookReceiver.start()
    const { url } = gone
    await gone.stop()
    const outcome = await post(url, new WebhookSender(open))
    expect(outcome).toMatchObject({ status: null, failure: 'CONNECTION_FAILED' })
    const unknown = await post('http://nobody.invalid/', new WebhookSender(open))
    expect(unknown).toMatchObject({ status: null, failure: 'HOST_NOT_FOUND' })
  })
})

describe('a request', () => {
  it('contains only the given headers and body', async () => {
    await new WebhookSender(open).post(receiver.url, { 'x-given': 'yes' }, '{"a":"ü"}', never)
    expect(receiver.received).toEqual([
      {
        path: '/hooks',
        headers: {
          'x-given': 'yes',
          'content-length': '10',
          host: `127.0.0.1:${receiver.port}`,
          connection: 'close',
        },
        body: '{"a":"ü"}',
      },
    ])
  })
})
