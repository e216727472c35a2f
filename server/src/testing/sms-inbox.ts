import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the gateway received it. */
export interface SmsRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly contentType: string | undefined
  readonly authorization: string | undefined
  readonly body: unknown
}

/** A real SMS gateway that keeps the requests it receives, and can be set to reject them. */
export class SmsInbox {
  readonly requests: SmsRequest[] = []
  /** The status of its answers. */
  status = 202
  private readonly server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const { method, url: path, headers } = request
      this.requests.push({
        method,
        path,
        contentType: headers['content-type'],
        authorization: headers.authorization,
        body: JSON.parse(body),
      })
      response.writeHead(this.status).end()
    })
  })

  private constructor() {}

  /** Starts a gateway on a free port. */
  static async start(): Promise<{ inbox: SmsInbox; port: number }> {
    const inbox = new SmsInbox()
    inbox.server.listen(0, '127.0.0.1')
    await once(inbox.server, 'listening')
    return { inbox, port: (inbox.server.address() as AddressInfo).port }
  }

  /** The code in the newest message to a number. */
  codeTo(phone: string): string {
    const bodies = this.requests.map(request => request.body as { to: string; text: string })
    const text = bodies.filter(body => body.to === phone).at(-1)?.text ?? ''
    return /^\d{6}/.exec(text)?.[0] ?? ''
  }

  async stop(): Promise<void> {
    this.server.close()
    await once(this.server, 'close')
  }
}
