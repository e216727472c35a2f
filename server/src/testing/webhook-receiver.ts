import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that the receiver received. */
export interface ReceivedWebhook {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A real receiver of webhooks on loopback, which answers 204 unless a test sets another answer. */
export class WebhookReceiver {
  /** The received requests, oldest first. */
  readonly received: ReceivedWebhook[] = []
  private readonly answers: Answer[] = []
  private usual: Answer = response => response.writeHead(204).end()

  private readonly server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    this.received.push({
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    })
    const answer = this.answers.shift() ?? this.usual
    answer(response, request)
  })

  private constructor() {
    // A sender may break off in the middle of a request.
    this.server.on('clientError', (_failure, socket) => socket.destroy())
  }

  /** Starts a receiver on a free port. */
  static async start(host = '127.0.0.1'): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    receiver.server.listen(0, host)
    await once(receiver.server, 'listening')
    return receiver
  }

  /** The port on which it listens. */
  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** The URL of the receiver. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks`
  }

  /** Answers the next requests with these answers, one each, and later ones as before. */
  answerNext(...answers: Answer[]): void {
    this.answers.push(...answers)
  }

  /** Answers every request from now on with this answer. */
  answer(answer: Answer): void {
    this.usual = answer
  }

  /** Waits until this number of requests has arrived. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) await new Promise(done => setTimeout(done, 10))
  }

  /** Stops the receiver, and breaks off open requests. */
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(done => this.server.close(done))
  }
}
